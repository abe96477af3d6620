import os
from collections.abc import Generator

import pytest

from tests.databases import Ground
from tests.ui.attack.handlers import Handler, every_handler
from tests.ui.attack.stage import Stage, staged


@pytest.fixture(scope="session")
def stage(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    with ground.unmigrated() as database:
        database.migrate()
        with staged(database, tmp_path_factory.mktemp("stage")) as stage:
            yield stage


@pytest.fixture(scope="session")
def handlers(tmp_path_factory: pytest.TempPathFactory) -> list[Handler]:
    os.environ.setdefault("POSTBOARD_DATA", str(tmp_path_factory.mktemp("unused")))
    return every_handler()
