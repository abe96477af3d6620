"""Campaigns and pillars as plans name them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from postboard.db.models import Campaign, Pillar, Post
from postboard.imports.plan import PlannedPost, PlanWarning
from postboard.locale import N_

NO_CAMPAIGN: Final = N_("Campaigns not known here: {count}, such as “{example}” in row {row}.")
NO_PILLAR: Final = N_("Pillars not known here: {count}, such as “{example}” in row {row}.")
_EXAMPLE_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Labels:
    """The client's campaigns and pillars by their names, in lower case."""

    campaigns: Mapping[str, UUID]
    pillars: Mapping[str, str]

    def of(self, planned: PlannedPost) -> tuple[UUID | None, str]:
        """The campaign and the name of the pillar that a row means."""
        campaign = self.campaigns.get(_plain(planned.campaign))
        return campaign, self.pillars.get(_plain(planned.pillar), "")


NO_LABELS: Final = Labels({}, {})


def labels_of_client(session: Session, client_id: UUID) -> Labels:
    campaigns: Any = session.execute(
        select(col(Campaign.name), col(Campaign.id)).where(col(Campaign.client_id) == client_id)
    )
    pillars = session.execute(select(col(Pillar.name)).where(col(Pillar.client_id) == client_id))
    return Labels(
        {_plain(name): campaign_id for name, campaign_id in campaigns},
        {_plain(name): name for name in pillars.scalars()},
    )


def labels_of_post(session: Session, post_id: UUID) -> tuple[UUID | None, str]:
    row: Any = session.execute(
        select(col(Post.campaign_id), col(Pillar.name))
        .outerjoin(Pillar, col(Pillar.id) == col(Post.pillar_id))
        .where(col(Post.id) == post_id)
    ).one()
    return row[0], row[1] or ""


def unknown(rows: Sequence[PlannedPost], labels: Labels) -> list[PlanWarning]:
    """One sentence for all campaigns that nothing here is called, and one for the pillars."""
    campaigns = [(one.row, one.campaign) for one in rows if one.campaign]
    pillars = [(one.row, one.pillar) for one in rows if one.pillar]
    lacking = (
        (NO_CAMPAIGN, [one for one in campaigns if _plain(one[1]) not in labels.campaigns]),
        (NO_PILLAR, [one for one in pillars if _plain(one[1]) not in labels.pillars]),
    )
    return [
        PlanWarning(
            sentence,
            {"count": len(found), "example": found[0][1][:_EXAMPLE_MAX], "row": found[0][0]},
        )
        for sentence, found in lacking
        if found
    ]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
