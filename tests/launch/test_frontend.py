"""The compiled frontend: whose address it talks to, and when it is out of date."""

from pathlib import Path

import pytest

from postboard.launch.frontend import sources_digest
from postboard.launch.reflex_config import AddressNotFound, make_origin_relative


def test_the_frontend_talks_to_the_server_it_came_from(tmp_path: Path) -> None:
    script = tmp_path / "reflex-env-C3aX.js"
    script.write_text(
        "var e={PING:`http://postboard.invalid/ping`,"
        'EVENT:"ws://postboard.invalid/_event",TEST_MODE:!1};export{e as t};'
    )

    make_origin_relative(tmp_path)

    assert script.read_text() == (
        'var e={PING:location.origin+"/ping",'
        'EVENT:location.origin.replace("http","ws")+"/_event",TEST_MODE:!1};export{e as t};'
    )


@pytest.mark.parametrize(
    "scripts",
    [
        {},
        {"reflex-env-1.js": "var e={PING:`http://localhost:8000/ping`}"},
        {"reflex-env-1.js": "var e={PING:`http://postboard.invalid/ping`}"},
        {"reflex-env-1.js": "", "reflex-env-2.js": ""},
    ],
)
def test_a_frontend_built_another_way_stops_the_build(
    scripts: dict[str, str], tmp_path: Path
) -> None:
    for name, text in scripts.items():
        (tmp_path / name).write_text(text)

    with pytest.raises(AddressNotFound):
        make_origin_relative(tmp_path)


def test_a_change_of_any_source_makes_the_frontend_out_of_date(tmp_path: Path) -> None:
    for name in ("rxconfig.py", "pyproject.toml", "postboard/ui/card.jsx", "assets/icon.svg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    before = sources_digest(tmp_path)

    def changed(name: str) -> bool:
        path = tmp_path / name
        old = path.read_text() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("changed")
        digest = sources_digest(tmp_path)
        path.unlink() if old is None else path.write_text(old)
        return digest != before

    assert [
        name
        for name in (
            "rxconfig.py",
            "pyproject.toml",
            "postboard/ui/card.jsx",
            "assets/icon.svg",
            "postboard/locale/new.po",
            "postboard/frontend/build/client/index.html",
            "assets/external/link.js",
            "README.md",
        )
        if changed(name)
    ] == [
        "rxconfig.py",
        "pyproject.toml",
        "postboard/ui/card.jsx",
        "assets/icon.svg",
        "postboard/locale/new.po",
    ]
