from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real files other people published; they are no part of the project."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip(f"the shared samples are not here: {folder}")
    return folder
