"""Addresses with a NUL, which no text of a Postgres takes: every page opens, and nothing breaks."""

from tests.ui.attack.browser import events, opened
from tests.ui.attack.handlers import every_handler
from tests.ui.attack.stage import Stage
from tests.ui.attack.test_handlers import FAILED

QUERY = (
    "client=%00&key=x%00&of=%00&person=%00&campaign=%00&text=x%00&pillar=%00&next=%00&comment=%00"
)


def test_a_nul_in_the_address_breaks_no_page(stage: Stage) -> None:
    loads = [one.name for one in every_handler() if one.name.endswith(".load") and not one.types]
    assert len(loads) > 10
    with opened(stage.address, stage.cookie(stage.world.ana)) as tab:
        frames = {name: tab.call(name, {}, f"/board/?{QUERY}") for name in loads}
    assert [name for name, told in frames.items() if FAILED in events(told)] == []
