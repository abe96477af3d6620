"""A second import of a file changes nothing; an edited row updates its post."""

from postboard.imports.plan import content_digest, fingerprint
from tests.imports.reading import read_rows

HEADER = ["Date", "Time", "Platform", "Caption", "Link"]
ROW = ["2026-11-03", "10:00", "Instagram", "Rye bread\nfrom six", "https://a.example"]


def marks(*rows: list[str], header: list[str] = HEADER) -> list[tuple[str, str]]:
    plan = read_rows(header, *rows)
    return [(fingerprint(one), content_digest(one)) for one in plan.posts]


def test_the_same_rows_are_the_same_posts_wherever_they_stand():
    other = ["2026-11-04", "10:00", "X", "Wheat", ""]
    assert marks(ROW, other) == marks(other, ROW)[::-1]


def test_fingerprints_stay_the_same_from_release_to_release():
    assert [fingerprint(one) for one in read_rows(HEADER, ROW).posts] == [
        "6d33443befe3490024c81ec5a580fdf26211ad53a6346692b56bd994caba9cf3"
    ]


def changed(at: int, text: str) -> list[str]:
    return [text if place == at else cell for place, cell in enumerate(ROW)]


def test_another_hour_link_or_later_line_updates_the_post():
    [(mark, digest)] = marks(ROW)
    for edited in (
        changed(1, "00:15"),
        changed(4, "https://b.example"),
        changed(3, "RYE  bread\nfrom seven"),
    ):
        [(same, other)] = marks(edited)
        assert same == mark
        assert other != digest


def test_another_day_network_or_first_line_is_another_post():
    [(mark, _)] = marks(ROW)
    for edited in (changed(0, "2026-11-05"), changed(2, "Facebook"), changed(3, "Wheat bread")):
        assert marks(edited)[0][0] != mark


def test_with_an_id_everything_else_may_change():
    before = marks(["7", "2026-11-03", "Rye"], ["8", "", "Oat"], header=["ID", "Date", "Caption"])
    after = marks(["7", "2027-01-01", "Oats"], ["8", "", "Oat"], header=["ID", "Date", "Caption"])
    assert [one[0] for one in before] == [one[0] for one in after]
    assert [b == a for b, a in zip(before, after, strict=True)] == [False, True]


def test_rows_that_identify_alike_are_numbered_and_plain_repetitions_left_out():
    evening = changed(1, "18:00")
    plan = read_rows(HEADER, ROW, ROW, evening, evening)

    assert [(one.row, one.occurrence) for one in plan.posts] == [(2, 1), (4, 2)]
    assert [(one.row, one.reason) for one in plan.skipped] == [
        (3, "The same as row 2."),
        (5, "The same as row 4."),
    ]
    assert len({fingerprint(one) for one in plan.posts}) == 2
