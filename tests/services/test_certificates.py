"""A certificate tells what was approved and by whom, and any change of it is found and named."""

import json
import random
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from postboard.db.engine import Database
from postboard.db.models import Event, Person, Post, Revision
from postboard.db.review_models import ReviewRequest
from postboard.domain.agreement import Silence
from postboard.domain.chains import Rule, Side, Stage
from postboard.domain.content import Media, words_as_json
from postboard.domain.errors import NotFound
from postboard.domain.permissions import Actor, Role
from postboard.domain.workflow import Action, Approval, Policy, State
from postboard.services import certificates, clients, events, post_rows, posts, steps
from postboard.services.certificate_check import Checked, check, trusted_key
from postboard.services.certificate_pdf import render
from postboard.services.certificates import RecordBroken
from postboard.services.clients import NewClient
from postboard.services.events import Fact
from postboard.services.sealing import (
    BLOCK,
    KeyUnusable,
    canonical,
    digest,
    digests_of,
    sealed,
    signer_in,
)
from tests.certified import HARD, approved, certificate_of, signer, stranger
from tests.pdf import pages_of
from tests.requests import DUE, agree, ask, run
from tests.services.test_chains import OPEN_INTERNAL, approve, both, ids, submitted
from tests.services.test_revisions import _add_asset
from tests.world import NOW, World, at_once, found, step

INFINITE = (
    b'{"format":"","certificate":{"a":1e999},"digests":{},"signature":{"algorithm":"",'
    b'"canonical_form":"","public_key":"","fingerprint":"","value":""}}'
)
AT = "2026-03-02T09:00:00.000000+00:00"
HOLDERS = {
    Role.ADMIN,
    Role.MANAGER,
    Role.ACCOUNT_MANAGER,
    Role.CONTENT_MANAGER,
    Role.COPYWRITER,
    Role.DESIGNER,
    Role.ART_DIRECTOR,
    Role.CLIENT_REVIEWER,
}


@pytest.fixture
def post_id(database: Database, world: World) -> UUID:
    return approved(database, world)


@pytest.fixture
def file(database: Database, world: World, post_id: UUID) -> bytes:
    return sealed(certificate_of(database, world.ana, post_id).content, signer())


@pytest.fixture
def pdf(database: Database, world: World, post_id: UUID) -> bytes:
    return render(certificate_of(database, world.ana, post_id).content, signer(), "en")


def edited(database: Database, actor: Actor, post_id: UUID, caption: str) -> None:
    with database.write() as session:
        version = post_rows.find(session, actor, post_id).version
        words = replace(HARD, caption=caption)
        posts.edit(session, actor, post_id, words, version=version, now=datetime.now(UTC))


def test_it_tells_what_was_approved_by_whom_and_where_the_record_has_it(
    database: Database, world: World, post_id: UUID
) -> None:
    content = certificate_of(database, world.cleo, post_id).content
    ana, cleo = world.ana.user_id, world.cleo.user_id
    digests = content["chain"]["digests"]
    with database.read() as session:
        of_post = col(ReviewRequest.post_id) == post_id
        rows = session.execute(select(ReviewRequest).where(of_post)).scalars()
        requests = {{"internal": "agency"}.get(one.side, one.side): str(one.id) for one in rows}
    shown = digest(words_as_json(HARD.checked()))

    def decision(position: int, who: str, person: object, side: str) -> dict[str, Any]:
        return {
            "position": position,
            "revision": 1,
            "by": who,
            "person": str(person),
            "side": side,
            "at": AT,
            "request": requests[side],
            "stage": None,
            "term": None,
            "agreement": None,
            "digest": digests[position - 1],
        }

    assert content == {
        "version": 1,
        "post": {"id": str(post_id), "key": "ACME-14"},
        "client": {
            "id": str(world.acme.id),
            "key": "ACME",
            "name": "Acme",
            "zone": "Europe/Berlin",
        },
        "revision": {
            "number": 1,
            "submitted_at": AT,
            "planned_at": "2026-03-05T09:00:00.000000+00:00",
            "words": words_as_json(HARD.checked()),
            "words_digest": shown,
            "media": [
                {
                    "url": "https://images.example/buns.jpg",
                    "type": None,
                    "size": None,
                    "digest": None,
                }
            ],
        },
        "approval": decision(5, "Cleo", cleo, "client"),
        "decisions": [decision(3, "Ana", ana, "agency"), decision(5, "Cleo", cleo, "client")],
        "chain": {
            "start": "0" * 64,
            "length": 5,
            "digests": digests,
            "head": digests[-1],
            "how": content["chain"]["how"],
        },
        "event": {
            "stream_id": str(post_id),
            "position": 5,
            "kind": "post.approve",
            "client_id": str(world.acme.id),
            "actor_id": str(cleo),
            "actor_name": "Cleo",
            "at": AT,
            "content": {
                "from": "client_review",
                "to": "approved",
                "revision": 1,
                "request": requests["client"],
                "stage": 1,
                "words_digest": shown,
                "reason": "The logo is cut off.",
                "tags": ["image"],
            },
        },
    }


def test_staff_and_reviewers_have_it_and_nobody_else_learns_that_it_is_there(
    database: Database, world: World, post_id: UUID
) -> None:
    theirs = [certificate_of(database, world.of_acme()[role], post_id) for role in HOLDERS]
    assert theirs == [theirs[0]] * len(HOLDERS)
    for somebody in (world.vera, world.dora, world.bodil):
        with pytest.raises(NotFound):
            certificate_of(database, somebody, post_id)


def test_a_file_of_the_library_is_certified_by_its_digest(database: Database, world: World) -> None:
    with database.write() as session:
        asset = _add_asset(session, world.acme.id).hex
    words = replace(HARD, media=(Media(url="/x", asset=asset, digest="forged"),))
    post_id = approved(database, world, words=words)

    content = certificate_of(database, world.cleo, post_id).content
    (shown,) = content["revision"]["words"]["media"]
    assert content["revision"]["media"] == [
        {name: shown[name] for name in ("url", "type", "size", "digest")}
    ]
    assert re.fullmatch("[0-9a-f]{64}", shown["digest"])


@pytest.mark.parametrize(
    "state",
    [
        State.DRAFT,
        State.IN_PRODUCTION,
        State.INTERNAL_REVIEW,
        State.INTERNAL_REWORK,
        State.READY_FOR_CLIENT,
        State.CLIENT_REVIEW,
        State.CLIENT_REWORK,
        State.CANCELLED,
    ],
)
def test_what_was_never_approved_has_none(database: Database, world: World, state: State) -> None:
    for somebody in (world.ana, world.cleo):
        with pytest.raises(NotFound):
            certificate_of(database, somebody, world.acme.posts[state])


def test_it_stays_the_same_whatever_becomes_of_the_post_and_its_people(
    database: Database, world: World, post_id: UUID, file: bytes
) -> None:
    def now() -> bytes:
        return sealed(certificate_of(database, world.ana, post_id).content, signer())

    for action in (Action.HOLD, Action.RELEASE):
        step(database, world.ana, post_id, action)
        assert now() == file
    with database.write() as session:
        for person in (world.cleo, world.ben):
            assert person.user_id
            clients.remove_person(
                session, world.ana, world.acme.id, person.user_id, now=datetime.now(UTC)
            )
        session.execute(
            update(Person)
            .where(col(Person.id) == world.cleo.user_id)
            .values(disabled_at=datetime.now(UTC), name="Somebody else", email="gone@example.com")
        )
        session.execute(update(Post).where(col(Post.id) == post_id).values(state=State.CANCELLED))
    assert now() == file
    assert check(file).certificate["approval"]["by"] == "Cleo"


def test_of_words_that_changed_after_the_approval_it_says_nothing(
    database: Database, world: World, post_id: UUID, file: bytes
) -> None:
    edited(database, world.ben, post_id, "Other words")

    kept = certificate_of(database, world.ana, post_id)
    assert sealed(kept.content, signer()) == file
    assert (kept.revision, found(database, world.ana, post_id).revision) == (1, 2)
    assert certificate_of(database, world.cleo, post_id) == kept

    for actor, action in (
        (world.ana, Action.APPROVE),
        (world.ana, Action.SEND_TO_CLIENT),
        (world.cleo, Action.APPROVE),
    ):
        step(database, actor, post_id, action)
    renewed = certificate_of(database, world.ana, post_id)
    assert (renewed.revision, renewed.content["revision"]["words"]["caption"]) == (2, "Other words")
    assert [one["revision"] for one in renewed.content["decisions"]] == [2, 2]


def test_an_approval_that_was_taken_back_is_certified_no_more(
    database: Database, world: World, post_id: UUID
) -> None:
    told = {"from": "approved", "to": "client_review", "revision": 1}
    with database.write() as session:
        taken_back = Fact(post_id, "post.recall", world.acme.id, told)
        events.record(session, world.cleo, taken_back, datetime.now(UTC))

    for somebody in (world.ana, world.cleo):
        with pytest.raises(NotFound):
            certificate_of(database, somebody, post_id)
        with database.read() as session:
            assert certificates.certified_revision(session, somebody, post_id) == 0

    with database.write() as session:
        told = {"from": "client_review", "to": "approved", "revision": 1}
        again = Fact(post_id, "post.approve", world.acme.id, told)
        events.record(session, world.cleo, again, datetime.now(UTC))
    content = certificate_of(database, world.ana, post_id).content
    assert [(one["position"], one["by"]) for one in content["decisions"]] == [
        (3, "Ana"),
        (7, "Cleo"),
    ]


def test_the_page_says_which_revision_the_certificate_is_of(
    database: Database, world: World, post_id: UUID
) -> None:
    edited(database, world.ben, post_id, "Other words")
    posts_there = (post_id, world.acme.posts[State.CLIENT_REVIEW])
    with database.read() as session:
        said = [certificates.certified_revision(session, world.ana, one) for one in posts_there]
    assert said == [1, 0]


def test_what_the_agency_noted_on_its_own_approval_is_not_told(
    database: Database, world: World, post_id: UUID
) -> None:
    with database.write() as session:
        internal = NewClient("Acme", "Europe/Berlin", Policy(Approval.INTERNAL_ONLY))
        clients.change_client(
            session, world.ana, world.acme.id, internal, rounds_included=3, now=datetime.now(UTC)
        )
    edited(database, world.ben, post_id, "Other words")
    step(database, world.iris, post_id, Action.APPROVE)  # with a reason: see `step`

    content = certificate_of(database, world.cleo, post_id).content
    assert (content["approval"]["by"], content["approval"]["side"]) == ("Iris", "agency")
    assert content["event"] is None
    assert "The logo is cut off." not in json.dumps(content)
    assert check(sealed(content, signer())).faults == ()


def test_a_record_that_was_changed_outside_the_program_certifies_nothing(
    database: Database, world: World, post_id: UUID
) -> None:
    with database.write() as session:
        session.execute(
            update(Event)
            .where(col(Event.stream_id) == post_id, col(Event.position) == 2)
            .values(actor_name="Somebody")
        )
    with pytest.raises(RecordBroken):
        certificate_of(database, world.ana, post_id)


def test_words_that_were_forged_after_their_approval_certify_nothing(
    database: Database, world: World, post_id: UUID
) -> None:
    this = (col(Revision.post_id) == post_id, col(Revision.number) == 1)
    for forged in ({"caption": "Forged"}, {"media": []}):
        with database.read() as session:
            row = session.execute(select(Revision).where(*this)).scalar_one()
            before = {name: getattr(row, name) for name in forged}
        with database.write() as session:
            session.execute(update(Revision).where(*this).values(forged))
        with pytest.raises(RecordBroken):
            certificate_of(database, world.ana, post_id)
        with database.write() as session:
            session.execute(update(Revision).where(*this).values(before))
        assert certificate_of(database, world.ana, post_id).revision == 1


def test_an_approval_of_before_its_words_were_noted_is_certified_still(
    database: Database, world: World
) -> None:
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    told = {"from": "client_review", "to": "approved", "revision": 1}
    with database.write() as session:
        fact = Fact(post_id, "post.approve", world.acme.id, told)
        events.record(session, world.cleo, fact, datetime.now(UTC))
    content = certificate_of(database, world.ana, post_id).content
    assert (content["approval"]["by"], content["approval"]["request"]) == ("Cleo", None)


def test_each_stage_and_each_of_an_all_of_stage_stands_there(
    database: Database, world: World
) -> None:
    brand = both(world, Rule.ALL)
    legal = Stage(Side.CLIENT, "Legal", people=ids(world.cleo))
    post_id = submitted(database, world, brand, legal)
    for who in (world.cora, world.iris):
        approve(database, who, post_id)
    step(database, world.ana, post_id, Action.SEND_TO_CLIENT)
    approve(database, world.cleo, post_id)

    content = certificate_of(database, world.ana, post_id).content
    said = [(one["by"], one["side"], one["stage"], one["term"]) for one in content["decisions"]]
    assert said == [
        ("Cora", "agency", "Brand", None),
        ("Iris", "agency", "Brand", None),
        ("Cleo", "client", "Legal", None),
    ]
    first, second, last = (one["request"] for one in content["decisions"])
    assert first == second != last
    written = "".join(pages_of(render(content, signer(), "en")))
    assert "Legal · for the client" in written


def test_a_decision_that_was_undone_counts_no_more_and_those_before_it_stand(
    database: Database, world: World
) -> None:
    first = Stage(Side.CLIENT, "Marketing", people=ids(world.cleo))
    second = Stage(Side.CLIENT, "Board", people=ids(world.cleo))
    post_id = submitted(database, world, OPEN_INTERNAL, first, second)
    approve(database, world.iris, post_id)
    step(database, world.ana, post_id, Action.SEND_TO_CLIENT)

    def undo() -> None:
        with database.write() as session:
            version = post_rows.find(session, world.cleo, post_id).version
            steps.reconsider(session, world.cleo, post_id, version=version, now=NOW)

    for _ in range(2):
        approve(database, world.cleo, post_id)
        undo()
    for _ in range(2):
        approve(database, world.cleo, post_id)
    undo()
    with pytest.raises(NotFound):
        certificate_of(database, world.ana, post_id)
    approve(database, world.cleo, post_id)

    content = certificate_of(database, world.ana, post_id).content
    assert [one["stage"] for one in content["decisions"]] == [None, "Marketing", "Board"]


def test_silence_names_the_term_that_takes_it_for_consent(database: Database, world: World) -> None:
    agree(database, world, silence=Silence.CONSENT)
    post_id = world.acme.posts[State.CLIENT_REVIEW]
    ask(database, world)
    run(database, DUE)

    content = certificate_of(database, world.cleo, post_id).content
    last = content["approval"]
    assert {name: last[name] for name in ("by", "person", "side", "term", "agreement")} == {
        "by": "Postboard",
        "person": None,
        "side": "client",
        "term": "silence.consent",
        "agreement": 1,
    }
    written = " ".join("".join(pages_of(render(content, signer(), "en"))).split())
    assert "takes silence for consent" in written


def test_an_unchanged_file_is_said_to_be_so(file: bytes, pdf: bytes) -> None:
    for one in (file, pdf):
        checked = check(one)
        assert checked == Checked(json.loads(file)["certificate"], checked.key, ())
        key = check(one).key
        assert key
        assert key.fingerprint == signer().public.fingerprint


def test_one_laid_out_anew_says_the_same(file: bytes) -> None:
    checked = check(json.dumps(json.loads(file), indent=2, ensure_ascii=True).encode())
    assert (checked.faults, checked.rewritten) == ((), True)


def test_each_value_that_is_changed_removed_or_added_is_named(file: bytes) -> None:
    pointers = digests_of(json.loads(file)["certificate"]).keys() - {""}
    wrong = {
        (pointer, how): check(_with(file, f"/certificate{pointer}", change)).faults
        for pointer in pointers
        for how, change in (("was changed", _other), ("is missing", None))
    }
    due = {
        (pointer, how): f"/certificate{pointer} {how}."
        for pointer, how in wrong
        if not (how == "is missing" and re.search(r"/\d+$", pointer))
    }
    assert {key: wrong[key] for key in due if due[key] not in wrong[key]} == {}
    assert all(wrong.values())
    assert all(len(faults) == 1 for (_, how), faults in wrong.items() if how == "was changed")
    added = json.loads(file)
    added["certificate"]["post"]["colour"] = "red"
    assert check(canonical(added)).faults == ("/certificate/post/colour was added.",)


@pytest.mark.parametrize(
    ("pointer", "named"),
    [
        ("/format", "/format was changed: it is not “postboard-certificate/1”."),
        ("/signature/algorithm", "/signature/algorithm was changed: it is not “Ed25519”."),
        (
            "/signature/canonical_form",
            "/signature/canonical_form was changed: it is not “RFC 8785”.",
        ),
        ("/signature/fingerprint", "/signature/fingerprint was changed."),
        (
            "/signature/value",
            "/signature/value does not fit: it was changed, or what it signs was.",
        ),
        ("/signature/public_key", "/signature/public_key was changed: it is no key."),
        ("/digests/~1post~1key", "/digests/post/key was changed."),
        ("/digests/", "/digests was changed."),
    ],
)
def test_each_part_of_the_seal_is_named(file: bytes, pointer: str, named: str) -> None:
    assert check(_with(file, pointer, _other)).faults == (named,)


def test_another_key_put_into_the_file_is_named(file: bytes) -> None:
    faults = check(_with(file, "/signature/public_key", lambda _: stranger().public.text)).faults
    assert faults == ("/signature/public_key was changed: the fingerprint is another key’s.",)


def test_every_byte_that_is_flipped_is_noticed(file: bytes, pdf: bytes) -> None:
    chance = random.Random(7)  # noqa: S311 - a sample of places, not a secret
    for whole in (file, pdf):
        places = sorted({0, len(whole) - 1, *chance.sample(range(len(whole)), 400)})
        for place in places:
            flipped = bytearray(whole)
            flipped[place] ^= 1 << (place % 8)
            assert check(bytes(flipped)).faults, place


def test_bytes_of_a_pdf_are_named_where_they_stand(pdf: bytes) -> None:
    for place in range(9, len(pdf), BLOCK // 3):
        flipped = bytearray(pdf)
        flipped[place] ^= 1
        faults = check(bytes(flipped)).faults
        ranges = [(int(a), int(b)) for one in faults for a, b in re.findall(r"(\d+)–(\d+)", one)]
        assert any(first <= place <= last for first, last in ranges), (place, faults)


def test_a_cut_file_is_told_from_a_whole_one(file: bytes, pdf: bytes) -> None:
    for whole in (file, pdf):
        for length in (*range(0, len(whole), 997), len(whole) - 1):
            assert check(whole[:length]).faults, length
    assert check(file[:-1]).faults == (f"It ends in the middle, after {len(file) - 1} bytes.",)
    assert check(pdf + b"\n1 0 obj\n(more)\nendobj").faults


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\0" * 10_000_000,
        random.Random(1).randbytes(10_000_000),  # noqa: S311
        b"%PDF-1.4\n" + random.Random(2).randbytes(10_000_000),  # noqa: S311
        b"[" * 10_000_000,
        b'{"a":' * 2_000_000,
        b"9" * 10_000_000,
        b'"' + b"x" * 10_000_000,
        b"x" * (33 * 1024 * 1024),
        b"{}",
        b"null",
        b"NaN",
        b'{"format":1,"certificate":2,"digests":3,"signature":4}',
        b'{"format":1,"format":2,"certificate":{},"digests":{},"signature":{}}',
        INFINITE,
        b"%PDF-1.4\n%postboard-seal {}\nstartxref\n",
        b"%PDF-1.4\n%postboard-seal " + b"[" * 100_000 + b"\nstartxref\n",
    ],
)
def test_junk_is_refused_in_a_sentence(junk: bytes) -> None:
    checked = check(junk)
    assert (checked.key, len(checked.faults)) == (None, 1)
    assert checked.faults[0].endswith(".")


def test_a_pdf_without_a_certificate_is_told_apart(pdf: bytes) -> None:
    plain = re.sub(rb"%postboard-seal [^\n]*\n", b"", pdf)
    assert check(plain).faults == (
        (
            "It is a PDF without a seal of Postboard: it never was a certificate,"
            " or its end is missing or was changed."
        ),
    )


def test_a_seal_of_one_key_does_not_fit_a_certificate_of_another(
    database: Database, world: World, post_id: UUID
) -> None:
    content = certificate_of(database, world.ana, post_id).content
    own, forged = (render(content, one, "en") for one in (signer(), stranger()))
    line = re.compile(rb"%postboard-seal [^\n]*\n")
    mixed = line.sub(lambda _: line.findall(own)[0], forged)
    assert check(mixed).faults
    assert check(forged).faults == ()
    key = check(forged).key
    assert key
    assert key.fingerprint != signer().public.fingerprint


def test_the_pages_say_it_in_both_languages_and_are_the_same_file_each_time(
    database: Database, world: World, post_id: UUID, pdf: bytes
) -> None:
    content = certificate_of(database, world.ana, post_id).content
    assert render(content, signer(), "en") == pdf
    told = "\n".join(pages_of(pdf))
    fingerprint = signer().public.fingerprint
    for sentence in (
        "Certificate of approval",
        "Cleo approved revision 1 of ACME-14 on",
        "It certifies revision 1 and no other.",
        "新鲜面包",
        "早上六点开门 □",
        content["chain"]["head"],
        fingerprint,
    ):
        assert sentence in told, sentence
    assert check(render(content, signer(), "zh-CN")).faults == ()


def test_the_pdf_carries_the_json_word_for_word(file: bytes, pdf: bytes) -> None:
    assert pdf.count(file) == 1
    assert b"/EmbeddedFiles" in pdf
    assert b"/Subtype /application#2Fjson /Type /EmbeddedFile" in pdf
    assert check(pdf).certificate == check(file).certificate


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = tmp_path / "data" / "signing-key.pem"
    made = signer_in(key, may_make=True)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert signer_in(key, may_make=True).public.text == made.public.text
    assert [*key.parent.iterdir()] == [key]


def test_many_at_once_get_the_same_key(tmp_path: Path) -> None:
    key = tmp_path / "signing-key.pem"
    made = at_once(*[lambda: signer_in(key, may_make=True).public.text] * 8)
    assert len(set(made)) == 1


@pytest.mark.parametrize("content", [b"", b"junk", b"-----BEGIN PRIVATE KEY-----\nx"])
def test_a_file_that_is_no_key_is_named(tmp_path: Path, content: bytes) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(content)
    with pytest.raises(KeyUnusable) as refused:
        signer_in(key, may_make=True)
    assert refused.value.reason == f"The file {key} holds no private key in PEM."


def test_a_given_key_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable):
        signer_in(tmp_path / "key.pem", may_make=False)
    assert list(tmp_path.iterdir()) == []


def test_a_trusted_key_is_a_fingerprint_or_a_file() -> None:
    public = signer().public
    assert trusted_key(public.fingerprint.upper(), None) == public.fingerprint
    assert trusted_key("x", public.pem.encode()) == public.fingerprint
    assert [trusted_key("junk", None), trusted_key("x", b"junk")] == [None, None]


def _with(file: bytes, pointer: str, change: Callable[[Any], Any] | None) -> bytes:
    """Another value there, or none."""
    found = json.loads(file)
    *parts, last = [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]
    place: Any = found
    for part in parts:
        place = place[int(part)] if isinstance(place, list) else place[part]
    name: Any = int(last) if isinstance(place, list) else last
    if change:
        place[name] = change(place[name])
    else:
        del place[name]
    return canonical(found)


def _other(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 1:
        return value[:-1] + ("a" if value[-1] != "a" else "b")
    return 7 if value != 7 else 8
