"""The cookie a signed-in browser carries: its name, and the token in it."""

from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Final

_NAME: Final = "postboard_session"
_LONGEST: Final = 100
"""Characters; a token has 43."""


def cookie_name(*, secure: bool) -> str:
    """With https the browser itself refuses the cookie from anywhere but this very host."""
    return f"__Host-{_NAME}" if secure else _NAME


def session_token(cookies: str | None, *, secure: bool) -> str | None:
    """The session's token in a Cookie header."""
    if not cookies:
        return None
    try:
        morsel = SimpleCookie(cookies).get(cookie_name(secure=secure))
    except CookieError:
        return None
    return morsel.value if morsel and 0 < len(morsel.value) <= _LONGEST else None


def fingerprint(token: str | None) -> str:
    """What stands for a session where its token must not be: in memory and in names."""
    return sha256((token or "").encode()).hexdigest()
