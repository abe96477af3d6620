"""Checking a certificate, JSON or PDF, without a database: was anything in it changed, and what?"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeGuard

from postboard.services import sealing
from postboard.services.certificates import event_digest
from postboard.services.sealing import (
    ALGORITHM,
    BLOCK,
    CANONICAL_FORM,
    FORMAT,
    PDF_FORMAT,
    SEAL,
    PublicKey,
    canonical,
    digests_of,
    message_of,
    public_key_of,
    seal_of,
)

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of the largest file that is looked at."""
_PARTS: Final = {"format", "certificate", "digests", "signature"}
_SIGNATURE: Final = {"algorithm", "canonical_form", "public_key", "fingerprint", "value"}
_SEAL_PARTS: Final = {"format", "blocks", "length", "certificate", "public_key", "signature"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file is. `faults` are sentences; without one nothing in it was changed."""

    certificate: Mapping[str, Any]
    key: PublicKey | None
    faults: tuple[str, ...]
    rewritten: bool = False
    """It says the same, written in another way than we write it."""


class _NoCertificate(Exception):  # noqa: N818
    """The sentence says why the file can be no certificate."""


def check(file: bytes) -> Checked:
    """Never raises, whatever the file is."""
    try:
        if len(file) > LARGEST:
            _no("It is larger than a certificate can be.")
        if not file:
            _no("It is empty.")
        return _check_pdf(file) if file.startswith(b"%PDF-") else _check_json(file)
    except _NoCertificate as none:
        return Checked({}, None, (str(none),))


def _check_json(file: bytes) -> Checked:
    found = _read(file)
    if not _is_object(found) or not _PARTS & found.keys():
        _no("It is no certificate of Postboard: it has none of its parts.")
    faults = [*_shape_faults(found, _PARTS, "")]
    if faults:
        return Checked({}, None, tuple(faults))
    signature, stored = found["signature"], found["digests"]
    if not _is_object(found["certificate"]):
        _no("/certificate was changed.")
    if not _are_texts(stored):
        _no("/digests was changed.")
    if not _are_texts(signature):
        _no("/signature was changed.")
    faults = [*_shape_faults(signature, _SIGNATURE, "/signature")]
    if faults:
        return Checked({}, None, tuple(faults))
    try:
        actual, rewritten = digests_of(found["certificate"]), canonical(found) != file
    except (ValueError, RecursionError):
        _no("It holds a number or a text that no certificate holds.")
    key = public_key_of(signature["public_key"])
    faults = [*_constant_faults(found["format"], signature)]
    faults += _seal_faults(stored, actual, signature, key)
    if not faults:
        faults += _record_faults(found["certificate"])
    return Checked(found["certificate"], key, tuple(faults), rewritten)


def _constant_faults(stated: Any, signature: Mapping[str, str]) -> Iterator[str]:
    for at, value, due in (
        ("/format", stated, FORMAT),
        ("/signature/algorithm", signature["algorithm"], ALGORITHM),
        ("/signature/canonical_form", signature["canonical_form"], CANONICAL_FORM),
    ):
        if value != due:
            yield f"{at} was changed: it is not “{due}”."


def _seal_faults(
    stored: Mapping[str, str],
    actual: Mapping[str, str],
    signature: Mapping[str, str],
    key: PublicKey | None,
) -> Iterator[str]:
    """What differs; the side that the signature fits is the true one."""
    if key is None:
        yield "/signature/public_key was changed: it is no key."
        return
    value = signature["value"]
    if key.signed(value, message_of(stored)):
        yield from _differences(stored, actual, "/certificate")
    elif key.signed(value, message_of(actual)):
        yield from _differences(actual, stored, "/digests")
    elif key.fingerprint != signature["fingerprint"]:
        yield "/signature/public_key was changed: the fingerprint is another key’s."
        yield from _differences(stored, actual, "/certificate")
        return
    else:
        yield "/signature/value does not fit: it was changed, or what it signs was."
        yield from _differences(stored, actual, "/certificate")
    if key.fingerprint != signature["fingerprint"]:
        yield "/signature/fingerprint was changed."


def _differences(true: Mapping[str, str], found: Mapping[str, str], part: str) -> Iterator[str]:
    names = [
        (name, _verb(name, true, found))
        for name in sorted(true.keys() | found.keys())
        if true.get(name) != found.get(name)
    ]
    # The digest of all differs with any other.
    inner = [(name, verb) for name, verb in names if name]
    for name, verb in inner or names:
        yield f"{part}{name} {verb}."


def _verb(name: str, true: Mapping[str, str], found: Mapping[str, str]) -> str:
    if name not in true:
        return "was added"
    return "was changed" if name in found else "is missing"


def _record_faults(certificate: Mapping[str, Any]) -> Iterator[str]:
    """Of what was signed: does the approval's entry make the last digest of the chain?"""
    try:
        chain, event = certificate["chain"], certificate["event"]
        previous = [chain["start"], *chain["digests"]][-2]
        follows = event is None or event_digest(event, previous) == chain["head"]
        follows = follows and chain["digests"][-1] == chain["head"]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        follows = False
    if not follows:
        yield "/certificate/event does not make the last digest of /certificate/chain."


def _check_pdf(file: bytes) -> Checked:
    start = file.rfind(b"\n" + SEAL) + 1
    end = file.find(b"\n", start) + 1
    if not (start and end):
        _no(
            "It is a PDF without a seal of Postboard: it never was a certificate,"
            " or its end is missing or was changed."
        )
    where = f"The seal in bytes {start}–{end - 1}"
    line = file[start + len(SEAL) : end - 1]
    pdf = file[:start] + file[end:]
    seal = _seal(line)
    if seal is None:
        _no(f"{where} was changed.")
    at, length = seal["certificate"]
    carried = _carried(pdf[at : at + length])
    key = public_key_of(seal["public_key"])
    faults = [*_page_faults(seal, pdf, key, where, (start, end - start))]
    faults += [f"In the attached certificate.json: {fault}" for fault in carried.faults]
    if key and carried.key and carried.key.text != key.text:
        faults.append(f"{where} is by another key than the attached certificate.json.")
    return Checked(carried.certificate, carried.key, tuple(faults))


def _carried(file: bytes) -> Checked:
    try:
        return _check_json(file)
    except _NoCertificate as none:
        return Checked({}, None, (str(none),))


def _seal(line: bytes) -> Mapping[str, Any] | None:
    """What a seal says, where it is one as we write it."""
    try:
        seal = _read(line)
        whole = _is_object(seal) and canonical(seal) == line and seal.keys() == _SEAL_PARTS
    except (_NoCertificate, ValueError, RecursionError):
        return None
    return seal if whole and _fits(seal) else None


def _fits(seal: Mapping[str, Any]) -> bool:
    blocks, place = seal["blocks"], seal["certificate"]
    return (
        _is_list(blocks)
        and _is_list(place)
        and len(place) == 2  # noqa: PLR2004 - where it begins, how long it is
        and all(isinstance(one, int) and one >= 0 for one in (*place, seal["length"]))
        and all(isinstance(seal[name], str) for name in ("public_key", "signature"))
    )


def _page_faults(
    seal: Mapping[str, Any],
    pdf: bytes,
    key: PublicKey | None,
    where: str,
    line: tuple[int, int],
) -> Iterator[str]:
    """`line` is where in the file the seal stands, and how long it is."""
    said = {name: seal[name] for name in _SEAL_PARTS - {"public_key", "signature"}}
    actual = seal_of(pdf, *seal["certificate"])
    signed = key is not None and key.signed(seal["signature"], canonical(said))
    if signed and said["format"] == PDF_FORMAT:
        yield from _byte_faults(said["blocks"], said["length"], actual, line)
    elif key is not None and key.signed(seal["signature"], canonical(actual)):
        yield f"{where} was changed."
    else:
        yield f"{where} does not fit its signature: it was changed, or what it signs was."
        yield from _byte_faults(said["blocks"], said["length"], actual, line)


def _byte_faults(
    blocks: Sequence[Any], length: int, actual: Mapping[str, Any], line: tuple[int, int]
) -> Iterator[str]:
    found: Sequence[str] = actual["blocks"]
    if actual["length"] != length:
        yield f"It is {actual['length']} bytes long beside its seal; it was {length}."
    for number, (due, one) in enumerate(zip(blocks, found, strict=False)):
        if due != one:
            first, last = number * BLOCK, min((number + 1) * BLOCK, actual["length"]) - 1
            at, behind = line
            ends = (first + behind * (first >= at), last + behind * (last >= at))
            yield f"Bytes {ends[0]}–{ends[1]} were changed."


def _shape_faults(found: Mapping[str, Any], due: set[str], part: str) -> Iterator[str]:
    for name in sorted(due - found.keys()):
        yield f"{part}/{name} is missing."
    for name in sorted(found.keys() - due):
        yield f"{part}/{name} was added."


def _read(file: bytes) -> Any:
    """JSON, read strictly.

    Raises:
        _NoCertificate: with the byte from which on it cannot be read.
    """
    try:
        text = file.decode()
    except UnicodeDecodeError as error:
        _no(f"It cannot be read from byte {error.start} on: that is no text.")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        at = len(text[: error.pos].encode())
        if at >= len(file):
            _no(f"It ends in the middle, after {len(file)} bytes.")
        _no(f"It cannot be read from byte {at} on: that is no JSON.")
    except (ValueError, RecursionError):
        _no("It holds a number or a text that no certificate holds.")


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))
        _no(f"“{twice[:60]}” stands twice in one place, so it can be read in two ways.")
    return found


def _no_constant(_name: str) -> NoReturn:
    _no("It holds a number or a text that no certificate holds.")


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _are_texts(value: Any) -> TypeGuard[dict[str, str]]:
    return _is_object(value) and all(isinstance(one, str) for one in value.values())


def _no(sentence: str) -> NoReturn:
    raise _NoCertificate(sentence)


def trusted_key(text: str, file: bytes | None) -> str | None:
    """The fingerprint that `--key` means: that of a public key in a file, or itself."""
    if file is not None:
        key = sealing.public_key_in(file)
        return key.fingerprint if key else None
    plain = text.lower().removeprefix("sha256:").replace(":", "")
    is_one = len(plain) == 64 and all(sign in "0123456789abcdef" for sign in plain)  # noqa: PLR2004
    return plain if is_one else None
