"""The wheel: the frontend is inside, and it runs where there is neither Node nor bun."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.skipif(
    "POSTBOARD_TEST_PACKAGE" not in os.environ,
    reason="builds and installs the wheel; POSTBOARD_TEST_PACKAGE=1 asks for it, as .ci/run does",
)

ROOT = Path(__file__).resolve().parent.parent
BARE_PATH = "/nonexistent"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as for a release: the source archive first, and the wheel from that."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True, timeout=900
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`postboard`, installed from the wheel alone into an empty environment."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
    pip = [folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", wheel], check=True, timeout=900)
    return folder / "bin" / "postboard"


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[str]
    links: dict[str, str]
    started_in_s: float

    @property
    def address(self) -> str:
        return "/".join(next(iter(self.links.values())).split("/")[:3])


def start_demo(command: Path, data: Path) -> Running:
    began = time.monotonic()
    process = subprocess.Popen(
        [command, "demo", "--port", "0", "--data", data],
        env={"PATH": BARE_PATH, "HOME": str(data)},
        stdout=subprocess.PIPE,
        text=True,
    )
    links: dict[str, str] = {}
    for line in process.stdout or ():
        if line == "ready\n":
            return Running(process, links, time.monotonic() - began)
        role, _, link = line.rstrip("\n").partition("\t")
        links[role] = link
    pytest.fail(f"the demo ended with {process.wait()} before it was ready")


@pytest.fixture
def demo(command: Path, tmp_path: Path) -> Iterator[Running]:
    running = start_demo(command, tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(timeout=15)


def test_the_wheel_holds_the_compiled_frontend_and_nothing_it_was_made_with(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    client = "postboard/frontend/build/client/"

    assert {f"{client}index.html", f"{client}index.html.br", f"{client}404.html"} <= set(names)
    assert {"postboard/frontend/routes.json", "postboard/frontend/sources.json"} <= set(names)
    assert not [name for name in names if ".web" in name or "node_modules" in name]
    assert {name.split("/")[0].split("-")[0] for name in names} == {"postboard"}


def test_the_demo_runs_without_node_or_bun_and_leaves_nothing_behind(demo: Running) -> None:
    assert all(link.startswith("http://127.0.0.1:") for link in demo.links.values())
    with urlopen(f"{demo.address}/health", timeout=5) as answer:
        assert answer.status == 200
    with urlopen(f"{demo.address}/", timeout=5) as answer:
        assert answer.headers["content-type"].startswith("text/html")
    children = _children_of(demo.process.pid)
    assert children

    demo.process.send_signal(signal.SIGTERM)

    assert demo.process.wait(timeout=15) == 0
    assert [child for child in children if _runs(child)] == []


def test_a_second_start_reuses_the_world(command: Path, tmp_path: Path) -> None:
    first, second = (_start_and_end(command, tmp_path) for _ in range(2))

    assert second.links.keys() == first.links.keys()


def test_a_killed_server_process_is_replaced(demo: Running) -> None:
    (worker,) = _children_of(demo.process.pid)

    os.kill(worker, signal.SIGKILL)

    deadline = time.monotonic() + 10
    while not _answers(demo) or _children_of(demo.process.pid) == [worker]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert len(_children_of(demo.process.pid)) == 1


def test_the_server_process_ends_when_the_command_is_killed(demo: Running) -> None:
    (worker,) = _children_of(demo.process.pid)

    demo.process.kill()

    deadline = time.monotonic() + 10
    while _runs(worker):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _answers(running: Running) -> bool:
    try:
        with urlopen(f"{running.address}/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _start_and_end(command: Path, data: Path) -> Running:
    running = start_demo(command, data)
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=15) == 0
    return running


def _children_of(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]


def _runs(process: int) -> bool:
    return Path(f"/proc/{process}").exists()
