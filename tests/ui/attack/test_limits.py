"""Limits of work in progress: whose form reaches which posts."""

from sqlalchemy import select
from sqlmodel import col

from postboard.db.metric_models import WipLimit
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from tests.ui.attack.browser import opened
from tests.ui.attack.handlers import every_handler
from tests.ui.attack.stage import Stage

FORM = {"limit_client_review": "7331"}


def test_only_whoever_looks_after_the_posts_limits_them(stage: Stage) -> None:
    """Of Acme by its address, and of the agency, as each of them would ask for it."""
    for person in (stage.world.bodil, stage.world.cora, stage.world.cleo, None):
        for client in ("ACME", ""):
            assert "7331" not in _asked_and_saved(stage, person, client)
    assert "7331" not in _asked_and_saved(stage, stage.world.aron, "")
    assert _kept(stage) == []
    _asked_and_saved(stage, stage.world.aron, "ACME")
    assert _kept(stage) == [(stage.world.acme.id, State.CLIENT_REVIEW, 7331)]
    # What is there is told to those alone who may change it.
    assert "7331" in _asked_and_saved(stage, stage.world.aron, "ACME", {})
    assert _kept(stage) == []


def _asked_and_saved(stage: Stage, person: Actor | None, client: str, form=FORM) -> str:
    """All that the server said meanwhile."""
    cookie = stage.cookie(person) if person else None
    with opened(stage.address, cookie) as tab:
        if client:
            tab.call(_named("performance_state.narrow"), {"name": "client", "value": client})
        tab.call(_named("limits.ask"), {})
        tab.call(_named("limits.save"), {"form": form})
        return "".join(tab.raw)


def _named(end: str) -> str:
    [name] = [one.name for one in every_handler() if one.name.endswith(end)]
    return name


def _kept(stage: Stage) -> list[tuple]:
    rows = select(col(WipLimit.scope), col(WipLimit.state), col(WipLimit.most))
    with stage.database.read() as session:
        return [tuple(row) for row in session.execute(rows)]
