"""Sealing: what makes a change of a certificate visible, and who signed it.

A sealed certificate is a JSON object, written in the canonical form of RFC 8785 (JCS):

- `format`: "postboard-certificate/1"
- `certificate`: what is certified, see `services.certificates`
- `digests`: for every value in it the SHA-256 (hex) of its canonical form, by JSON pointer; ""
  stands for all
- `signature`: `algorithm`, `canonical_form`, `public_key`, `fingerprint`, `value`

`value` is the Ed25519 signature (base64) over the canonical form of `{"digests": …, "format": …}`,
so it holds for the whole certificate, and a value that was changed can be named. `public_key` is
the raw key (base64), `fingerprint` the SHA-256 (hex) of its SubjectPublicKeyInfo, as of
`openssl pkey -pubin -outform der | sha256sum`.

A PDF of it carries that JSON as the attachment `certificate.json`, uncompressed, and before its
`startxref` one comment line, "%postboard-seal " and a canonical JSON object: the digests of every
4096 bytes of the file without that line, its length, where the attachment lies, and the signature
over these by the same key.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import rfc8785
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from postboard.domain.errors import Refused

FORMAT: Final = "postboard-certificate/1"
PDF_FORMAT: Final = "postboard-pdf/1"
ALGORITHM: Final = "Ed25519"
CANONICAL_FORM: Final = "RFC 8785"
BLOCK: Final = 4096
"""Bytes of a PDF that are named together."""
SEAL: Final = b"%postboard-seal "
TAIL: Final = b"startxref"
_OWNER_ONLY: Final = 0o600


class KeyUnusable(Refused):
    """`reason` is for whoever runs the server; others are told to ask them."""

    status = 503
    sentence = "Certificates cannot be signed here now. Ask whoever runs Postboard."

    def __init__(self, *, reason: str) -> None:
        super().__init__()
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PublicKey:
    key: Ed25519PublicKey

    @property
    def text(self) -> str:
        return _base64(self.key.public_bytes(Encoding.Raw, PublicFormat.Raw))

    @property
    def fingerprint(self) -> str:
        encoded = self.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(encoded).hexdigest()

    @property
    def pem(self) -> str:
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def signed(self, value: str, message: bytes) -> bool:
        try:
            self.key.verify(base64.b64decode(value, validate=True), message)
        except (InvalidSignature, ValueError):
            return False
        return _base64(base64.b64decode(value)) == value  # base64 has spare bits at its end


@dataclass(frozen=True, slots=True)
class Signer:
    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.key.public_key())

    def sign(self, message: bytes) -> str:
        return _base64(self.key.sign(message))


def signer_in(file: Path, *, may_make: bool) -> Signer:
    """The key in that file; a missing one is made where it may be, readable by its owner only.

    Raises:
        KeyUnusable: it cannot be read or made, or is no Ed25519 key.
    """
    try:
        if may_make and not file.exists():
            _make_key(file)
        content = file.read_bytes()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise KeyUnusable(reason=f"The signing key {file} cannot be read ({why}).") from error
    try:
        key = load_pem_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnusable(reason=f"The file {file} holds no private key in PEM.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(reason=f"The key in {file} is not of the kind Ed25519.")
    return Signer(key)


def public_key_of(text: str) -> PublicKey | None:
    """The key that a certificate names; None where that is none."""
    try:
        raw = base64.b64decode(text, validate=True)
        key = PublicKey(Ed25519PublicKey.from_public_bytes(raw))
    except ValueError:
        return None
    return key if key.text == text else None


def public_key_in(pem: bytes) -> PublicKey | None:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return PublicKey(key) if isinstance(key, Ed25519PublicKey) else None


def canonical(value: Any) -> bytes:
    """JSON in the form of RFC 8785.

    Raises:
        ValueError: a number or a text that JSON cannot carry everywhere.
    """
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def digests_of(certificate: Any) -> dict[str, str]:
    """The digest of every value that holds no others, by JSON pointer; "" is that of all."""
    return {"": digest(certificate)} | {at: digest(leaf) for at, leaf in _leaves(certificate, "")}


def message_of(digests: Mapping[str, str]) -> bytes:
    """What is signed."""
    return canonical({"digests": digests, "format": FORMAT})


def sealed(certificate: Mapping[str, Any], signer: Signer) -> bytes:
    """The certificate as a file."""
    digests, public = digests_of(certificate), signer.public
    signature = {
        "algorithm": ALGORITHM,
        "canonical_form": CANONICAL_FORM,
        "public_key": public.text,
        "fingerprint": public.fingerprint,
        "value": signer.sign(message_of(digests)),
    }
    return canonical(
        {
            "format": FORMAT,
            "certificate": certificate,
            "digests": digests,
            "signature": signature,
        }
    )


def sealed_pdf(pdf: bytes, certificate: bytes, signer: Signer) -> bytes:
    """The pages, which carry the sealed certificate, with a seal of their own."""
    said = seal_of(pdf, pdf.index(certificate), len(certificate))
    signed = {"public_key": signer.public.text, "signature": signer.sign(canonical(said))}
    before, _, after = pdf.rpartition(TAIL)
    return before + SEAL + canonical(said | signed) + b"\n" + TAIL + after


def seal_of(pdf: bytes, at: int, length: int) -> dict[str, Any]:
    """What the seal of these bytes says, the certificate lying at `at`."""
    blocks = [
        hashlib.sha256(pdf[start : start + BLOCK]).hexdigest()
        for start in range(0, len(pdf), BLOCK)
    ]
    return {
        "format": PDF_FORMAT,
        "blocks": blocks,
        "length": len(pdf),
        "certificate": [at, length],
    }


def _make_key(file: Path) -> None:
    """Whole or not at all; of two that come at once, the first one's stays."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(out.fileno())
        try:
            file.hardlink_to(draft)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _leaves(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        items: Any = value.items()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    elif isinstance(value, list | tuple) and value:
        items = enumerate(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    else:
        yield at, value
        return
    for name, one in items:
        yield from _leaves(one, f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}")


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
