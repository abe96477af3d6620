"""Checking a certificate on any machine: the file alone, no database, no server."""

from pathlib import Path

import pytest

from postboard.db.engine import Database
from postboard.services.certificate_pdf import render
from postboard.services.sealing import sealed
from tests.certified import approved, certificate_of, signer, stranger
from tests.test_cli import Answer, postboard
from tests.world import World

KEY = signer().public
SAID = (
    "ACME-14 of Acme: revision 1 was approved\n"
    "by Cleo at 2026-03-02T09:00:00.000000+00:00. It certifies that revision and no other.\n"
    f"Nothing in it was changed since it was signed. The key: {KEY.fingerprint}\n"
)
UNKNOWN = (
    "Whose key that is, the file cannot tell: without --key this proves only that it is\n"
    "unchanged since the key inside it signed it.\n"
)


@pytest.fixture(params=["json", "pdf"])
def file(request: pytest.FixtureRequest, database: Database, world: World, tmp_path: Path) -> Path:
    content = certificate_of(database, world.ana, approved(database, world)).content
    file = tmp_path / f"certificate.{request.param}"
    is_pdf = request.param == "pdf"
    file.write_bytes(render(content, signer(), "en") if is_pdf else sealed(content, signer()))
    return file


def test_an_unchanged_certificate_is_said_to_be_so_and_no_more_than_that(
    file: Path, tmp_path: Path
) -> None:
    pem, other = tmp_path / "key.pem", tmp_path / "other.pem"
    pem.write_text(KEY.pem)
    other.write_text(stranger().public.pem)
    nowhere = tmp_path / "nowhere"

    def checked(*options: str | Path) -> Answer:
        return postboard("verify-certificate", file, *options, POSTBOARD_DATA=str(nowhere))

    trusted = Answer(0, SAID + "That is the key you trust.\n", "")
    foreign = f"That is NOT the key you trust, which is {stranger().public.fingerprint}\n"
    assert checked() == Answer(0, SAID + UNKNOWN, "")
    assert checked("--key", pem) == trusted
    assert checked("--key", KEY.fingerprint) == trusted
    assert checked("--key", other) == Answer(1, SAID + foreign, "")
    assert checked("--key", "junk") == Answer(
        2,
        "",
        'postboard: --key is "junk"; it takes a fingerprint of 64 signs, or the file of an Ed25519'
        " public key in PEM.\n",
    )
    assert not nowhere.exists()


def test_what_was_changed_is_named(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace("新鲜面包".encode(), "陈旧面包".encode(), 1))

    answer = postboard("verify-certificate", file)

    assert (answer.code, answer.err) == (1, "")
    assert answer.out.startswith("This is no valid certificate.\n")
    assert "/certificate/revision/words/title was changed." in answer.out


def test_junk_and_what_is_not_there_are_refused(tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"\xff" * 10_000_000)
    assert postboard("verify-certificate", junk) == Answer(
        1,
        "This is no valid certificate.\nIt cannot be read from byte 0 on: that is no text.\n",
        "",
    )
    gone = tmp_path / "gone"
    assert postboard("verify-certificate", gone) == Answer(
        1, "", f"postboard: The file {gone} cannot be read (no such file or directory).\n"
    )


def test_the_key_that_certificates_bear_is_shown_and_stays(tmp_path: Path) -> None:
    first = postboard("certificate-key", "--data", tmp_path)
    assert postboard("certificate-key", "--data", tmp_path) == first
    fingerprint, _, pem = first.out.partition("\n")
    assert (first.code, len(fingerprint), first.err) == (0, 64, "")
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    given = tmp_path / "nowhere.pem"
    assert postboard("certificate-key", POSTBOARD_SIGNING_KEY=str(given)) == Answer(
        1,
        "",
        f"postboard: The signing key {given} cannot be read (no such file or directory).\n",
    )
