"""Tokens of links and sessions: random, out of the program once; the tables keep their SHA-256."""

import hashlib
import secrets


def new() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token: of any string a browser can send, half surrogate pairs too."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
