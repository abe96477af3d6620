"""`postboard verify-certificate` and `certificate-key`: what an approval was signed with."""

import argparse
from pathlib import Path

from postboard.commands.files import content_of
from postboard.commands.ground import REFUSED, Commands, settings_of, takes_data
from postboard.launch.errors import CannotStart
from postboard.launch.ground import require_folder
from postboard.settings import BadSetting


def add(commands: Commands) -> None:
    check = commands.add_parser(
        "verify-certificate", help="check the certificate of an approval, JSON or PDF"
    )
    check.add_argument("file", metavar="FILE", type=Path)
    check.add_argument(
        "--key", metavar="KEY", help="the key you trust: its fingerprint, or its file in PEM"
    )
    check.set_defaults(run=_verify_certificate)

    key = commands.add_parser("certificate-key", help="show the key that certificates bear")
    takes_data(key)
    key.set_defaults(run=_certificate_key)


def _verify_certificate(chosen: argparse.Namespace) -> int:
    """Needs the file and nothing else: no database, no server, no network."""
    from postboard.services.certificate_check import LARGEST, check

    trusted = _trusted_key(chosen.key) if chosen.key else None
    checked = check(content_of(chosen.file, LARGEST + 1))
    if checked.faults or checked.key is None:
        print("\n".join(["This is no valid certificate.", *checked.faults]))
        return REFUSED
    said, fingerprint = checked.certificate, checked.key.fingerprint
    approval, revision = said["approval"], said["revision"]["number"]
    print(f"{said['post']['key']} of {said['client']['name']}: revision {revision} was approved")
    print(f"by {approval['by']} at {approval['at']}. It certifies that revision and no other.")
    print(f"Nothing in it was changed since it was signed. The key: {fingerprint}")
    if checked.rewritten:
        print("It is laid out in another way than Postboard writes it, but says the same.")
    if trusted is None:
        print("Whose key that is, the file cannot tell: without --key this proves only that it is")
        print("unchanged since the key inside it signed it.")
    elif trusted == fingerprint:
        print("That is the key you trust.")
    else:
        print(f"That is NOT the key you trust, which is {trusted}")
        return REFUSED
    return 0


def _trusted_key(given: str) -> str:
    from postboard.services.certificate_check import trusted_key

    file = Path(given)
    found = trusted_key(given, content_of(file) if file.is_file() else None)
    if found is None:
        raise BadSetting(
            f'--key is "{given}"; it takes a fingerprint of 64 signs, or the file of an Ed25519'
            " public key in PEM."
        )
    return found


def _certificate_key(chosen: argparse.Namespace) -> None:
    from postboard.services.sealing import KeyUnusable, signer_in

    settings = settings_of(chosen)
    if settings.given_signing_key is None:
        require_folder(settings.data)
    try:
        signer = signer_in(settings.signing_key_file, may_make=settings.given_signing_key is None)
    except KeyUnusable as unusable:
        raise CannotStart(unusable.reason) from unusable
    print(signer.public.fingerprint, signer.public.pem, sep="\n", end="")
