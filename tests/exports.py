"""Networks' exports written by a test, and brought in as a door brings them."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from postboard.db.engine import Database
from postboard.domain.permissions import Actor
from postboard.services import metric_files, metrics_import
from postboard.services.metric_choices import Said
from postboard.services.metric_files import Given
from postboard.services.metric_preview import Preview
from postboard.services.metrics_import import Imported
from tests.world import NOW

INSTAGRAM = (
    *("Post ID", "Account ID", "Account username", "Account name", "Description"),
    *("Duration (sec)", "Publish time", "Permalink", "Post type", "Data comment", "Date"),
    *("Views", "Reach", "Likes", "Shares", "Comments", "Saves", "Follows"),
)
PUBLER = (
    *("Date", "Social account", "Social network", "Post link", "Post text", "Post type"),
    *("Reach", "Reach rate (%)", "Reactions", "Comments", "Shares", "Engagement rate (%)"),
    *("Link clicks", "Click through rate (%)", "Action"),
)
TIKTOK = (
    *("Time", "Video title", "Video link", "Post time"),
    *("Total likes", "Total comments", "Total shares", "Total views"),
)
FOLLOWERS = ("Date", "Followers", "Difference in followers from previous day")
BERLIN = Said(zone="Europe/Berlin")


def instagram(
    number: int,
    views: str = "100",
    *,
    text: str = "",
    at: str = "02/20/2026 10:00",
    account: str = "acme.bakery",
    link: str = "",
    reach: str = "80",
    likes: str = "7",
) -> list[str]:
    """A row of Meta's export; the post's id is 1000 and its number."""
    link = link or f"https://www.instagram.com/p/code{number}/"
    said = [str(1000 + number), "17", account, "Acme", text or f"Post {number}", "0", at, link]
    return [*said, "IG image", "", "Lifetime", views, reach, likes, "0", "1", "2", ""]


def publer(day: str, link: str, text: str, reactions: str = "5") -> list[str]:
    """A row of Publer's export, which gives no id."""
    row = [day, "acme.bakery", "Instagram", link, text, "Photo", "50", "-", reactions, "1", "0"]
    return [*row, "-", "-", "-", "-"]


def written(folder: Path, name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Given:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return metric_files.given(path, name)


def preview(
    database: Database,
    actor: Actor,
    file: Given,
    said: Said = BERLIN,
    client: str = "Acme",
    **more: Any,
) -> Preview:
    with database.read() as session:
        return metrics_import.preview(session, actor, client, file, said, **more)


def commit(
    database: Database,
    actor: Actor,
    file: Given,
    said: Said = BERLIN,
    client: str = "Acme",
    now: datetime = NOW,
    **more: Any,
) -> Imported:
    return metrics_import.commit(database, actor, client, file, said, clock=lambda: now, **more)
