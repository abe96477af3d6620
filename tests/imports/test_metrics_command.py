"""`postboard import-metrics FILE… --dry-run`: what a file is, without any database."""

import json

from postboard.cli import main
from tests.imports.metric_files import INSTAGRAM, instagram, written

POSTS = written(
    INSTAGRAM,
    instagram(
        post_id="18355151116178767",
        account_username="acme",
        description="Nuts",
        publish_time="03/28/2026 09:30",
        permalink="https://www.instagram.com/p/DHWRIh_CLiR/",
        post_type="IG image",
        date="Lifetime",
        views=120,
        likes=9,
    ),
    instagram(views=4),
)


def test_a_file_is_surveyed_in_json(tmp_path, capsys):
    path = tmp_path / "posts.csv"
    path.write_text(POSTS, encoding="utf-8")
    code = main(["import-metrics", str(path), "--dry-run", "--json", "--zone", "Asia/Shanghai"])
    (found,) = json.loads(capsys.readouterr().out)
    table = found.pop("tables")[0]
    nothing = {"sum": None, "known": 0}
    assert code == 0
    assert found == {
        "file": "posts.csv",
        "format": "meta_instagram_content",
        "name": "Instagram posts of Meta Business Suite",
        "kind": "posts",
        "network": "instagram",
        "encoding": "utf-8",
        "delimiter": ",",
        "rows_read": 2,
        "posts": 1,
        "days": 0,
        "distinct_ids": 1,
        "skipped": 1,
        "skipped_rows": [
            {
                "row": 3,
                "sheet": "",
                "reason": (
                    "This row has no id, link or words, so nothing says which post it is about."
                ),
            }
        ],
        "first_date": "2026-03-28",
        "last_date": "2026-03-28",
        "metrics": table["metrics"],
        "columns": {
            **dict.fromkeys(("Duration (sec)", "Follows"), nothing),
            **dict.fromkeys(("Data comment", "Reach", "Shares", "Comments", "Saves"), nothing),
            "Date": {"sum": None, "known": 1},
            "Views": {"sum": 120, "known": 1},
            "Likes": {"sum": 9, "known": 1},
        },
        "unknown_columns": [],
        "questions": [],
        "warnings": [],
    }
    known = {metric: one for metric, one in table["metrics"].items() if one["known"]}
    assert known == {
        "impressions": {"sum": 120, "known": 1},
        "likes": {"sum": 9, "known": 1},
    }


def test_a_file_that_is_refused_does_not_hide_the_others(tmp_path, capsys):
    good, bad = tmp_path / "posts.csv", tmp_path / "report.csv"
    good.write_text(POSTS, encoding="utf-8")
    bad.write_bytes(b"%PDF-1.7")
    code = main(["import-metrics", str(bad), str(good), "--dry-run"])
    assert code == 1
    assert capsys.readouterr().out.splitlines() == [
        ("report.csv: This is a PDF file, not an export of figures. Export them as CSV or XLSX."),
        (
            "posts.csv: Instagram posts of Meta Business Suite: 1 posts, 0 days, 1 skipped, "
            "2026-03-28 to 2026-03-28."
        ),
        "  to be said: zone 03/28/2026 09:30",
    ]


def test_what_cannot_be_is_answered_in_a_sentence(tmp_path, capsys):
    path = tmp_path / "posts.csv"
    path.write_text(POSTS, encoding="utf-8")
    asked = ["import-metrics", str(path), "--dry-run"]
    assert main([*asked, "--zone", "Europe/Nowhere"]) == 2
    assert main([*asked, "--year", "soon"]) == 2
    assert main(["import-metrics", str(tmp_path / "gone.csv"), "--dry-run"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        'postboard: --zone is "Europe/Nowhere"; it takes a name such as Europe/Madrid.',
        'postboard: --year is "soon"; it takes a number from 1 to 1000000.',
        f"postboard: The file {tmp_path / 'gone.csv'} cannot be read (no such file or directory).",
    ]


def test_a_column_counts_what_somebody_says(tmp_path, capsys):
    path = tmp_path / "posts.csv"
    lines = POSTS.splitlines()
    more = ("Accounts reached", "1,204"), ("Mood", "calm")
    for header, cell in more:
        lines = [f'{lines[0]},"{header}"', f'{lines[1]},"{cell}"', f"{lines[2]},"]
    path.write_text("\n".join(lines), encoding="utf-8")
    asked = ["import-metrics", str(path), "--dry-run", "--json"]

    def surveyed(*columns: str):
        code = main([*asked, *(f"--column={column}" for column in columns)])
        return code, json.loads(capsys.readouterr().out)[0]

    code, found = surveyed("Accounts reached = reach", "Mood=")
    assert (code, found["unknown_columns"]) == (0, ["Accounts reached", "Mood"])
    assert found["metrics"]["reach"] == {"sum": 1204, "known": 1}
    assert found["warnings"] == [
        "“Accounts reached” counts in the place of “Reach”, as somebody said."
    ]
    assert [
        surveyed(*columns) for columns in (["Mood=reach"], ["Views=reach"], ["Mood=followers"])
    ] == [
        (1, {"file": "posts.csv", "refused": sentence})
        for sentence in (
            "“Mood” cannot count this: its values are no such numbers. One is “calm”.",
            "This file has no column “Views” of which nothing is known.",
            "“Mood” stands beside figures of another kind and cannot count this.",
        )
    ]
    assert main([*asked[:-1], "--column=Mood="]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "  not known: Accounts reached, sum 1204 (--column)",
        "  not known: Mood, no numbers (--column)",
    ]
    assert main([*asked, "--column", "Mood=joy"]) == 2
    assert capsys.readouterr().err.startswith(
        'postboard: --column is "Mood=joy"; it takes HEADER=FIGURE, one of comments, '
    )
