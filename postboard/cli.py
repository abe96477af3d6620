"""The `postboard` command. Everything heavy is imported where it is used: `--help` is quick."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from postboard import __version__
from postboard.domain.errors import Refused
from postboard.launch.errors import CannotStart
from postboard.launch.ground import require_folder, require_port
from postboard.settings import BadSetting, Settings, read_settings

if TYPE_CHECKING:
    from postboard.db.engine import Database
    from postboard.domain.permissions import Actor

_REFUSED = 1
_MISUSED = 2
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code: 0 done, 1 refused, 2 asked wrongly."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        chosen = _parser().parse_args(arguments)
        return int(chosen.run(chosen) or 0)
    except BadSetting as bad:
        return _say(bad, _MISUSED)
    except (CannotStart, Refused) as reason:
        return _say(reason, _REFUSED)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        sys.stderr.close()
        return _REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="postboard",
        description="The open, self-hosted approval board for social-media agencies."
        " Without a command it serves this installation.",
    )
    parser.add_argument("--version", action="version", version=f"postboard {__version__}")
    _takes_address(parser)
    parser.set_defaults(run=_serve)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = commands.add_parser("demo", help="serve a made-up agency, with a sign-in link per role")
    _takes_address(demo)
    demo.add_argument("--posts", metavar="N", default="84", help="how many posts (default: 84)")
    demo.set_defaults(run=_demo)

    worker = commands.add_parser(
        "worker", help="send mail and reminders from a process of its own, beside the server's"
    )
    _takes_data(worker)
    worker.set_defaults(run=_work)

    plan = commands.add_parser("import-plan", help="bring a content plan (CSV or XLSX) in")
    plan.add_argument("file", metavar="FILE", type=Path)
    plan.add_argument("--client", metavar="NAME", required=True, help="whose plan it is")
    plan.add_argument("--month", metavar="YYYY-MM", help="which month a grid without a title draws")
    plan.add_argument(
        "--dates",
        choices=("day-first", "month-first"),
        help="how dates such as 03/04/2026 are meant, where the file leaves it open",
    )
    plan.add_argument("--dry-run", action="store_true", help="write nothing, only say what it is")
    plan.add_argument("--json", action="store_true", help="answer in JSON")
    _takes_data(plan)
    plan.set_defaults(run=_import_plan)

    metrics = commands.add_parser(
        "import-metrics", help="bring in what the networks exported about posts and accounts"
    )
    metrics.add_argument("files", metavar="FILE", type=Path, nargs="+")
    metrics.add_argument("--client", metavar="NAME", help="whose they are; needed to write them")
    metrics.add_argument("--account", metavar="NAME", default="", help="where the file names none")
    metrics.add_argument("--network", metavar="KEY", default="", help="where the file names none")
    metrics.add_argument("--zone", metavar="ZONE", help="of its times, such as Europe/Madrid")
    metrics.add_argument(
        "--dates",
        choices=("day-first", "month-first"),
        help="how dates such as 03/04/2026 are meant, where the file leaves it open",
    )
    metrics.add_argument("--year", metavar="YYYY", help="of the last row, where days name no year")
    metrics.add_argument(
        "--column",
        metavar="HEADER=FIGURE",
        dest="columns",
        action="append",
        default=[],
        help='what a header that is not known counts, such as "Accounts reached=reach"; "Repins="'
        " keeps it as it is",
    )
    metrics.add_argument("--no-replies", action="store_true", help="leave out answers to others")
    metrics.add_argument(
        "--captured", metavar="DAY", type=_day, help="when it was exported, if not today"
    )
    metrics.add_argument(
        "--link-by-words",
        action="store_true",
        help="take what has the words and the day of a post of ours for that post",
    )
    metrics.add_argument(
        "--again", action="store_true", help="let a file count that came in before"
    )
    metrics.add_argument(
        "--dry-run", action="store_true", help="write nothing, only say what it is"
    )
    metrics.add_argument("--json", action="store_true", help="answer in JSON")
    _takes_data(metrics)
    metrics.set_defaults(run=_import_metrics)

    audit = commands.add_parser("audit", help="look after the record of events")
    asked = audit.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = asked.add_parser("verify", help="check that no event was changed or removed")
    _takes_data(verify)
    verify.set_defaults(run=_verify_audit)

    check = commands.add_parser(
        "verify-certificate", help="check the certificate of an approval, JSON or PDF"
    )
    check.add_argument("file", metavar="FILE", type=Path)
    check.add_argument(
        "--key", metavar="KEY", help="the key you trust: its fingerprint, or its file in PEM"
    )
    check.set_defaults(run=_verify_certificate)

    key = commands.add_parser("certificate-key", help="show the key that certificates bear")
    _takes_data(key)
    key.set_defaults(run=_certificate_key)
    return parser


class _Parser(argparse.ArgumentParser):
    """Answers a wrong call in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise BadSetting(f"{message[0].upper()}{message[1:]}; `{self.prog} --help` shows the use.")


def _takes_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", metavar="H", default=argparse.SUPPRESS, help="listen here")
    parser.add_argument(
        "--port", metavar="N", default=argparse.SUPPRESS, help="on this port (0: any free one)"
    )
    _takes_data(parser)


def _takes_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", metavar="DIR", default=argparse.SUPPRESS, help="keep database and media here"
    )


def _serve(chosen: argparse.Namespace) -> None:
    from postboard.launch.frontend import find_frontend
    from postboard.launch.server import serve

    settings = _ready_to_serve(_settings(chosen))
    with _migrated(settings) as database, database.write() as session:
        from postboard.services import commands

        commands.forget_old(session, datetime.now(UTC))
    frontend = find_frontend(_progress)
    serve(settings, frontend, lambda: _progress(f"Postboard answers at {settings.base_url}"))


def _demo(chosen: argparse.Namespace) -> None:
    from postboard.launch.frontend import find_frontend
    from postboard.launch.server import serve

    posts = _positive("--posts", chosen.posts)
    settings = _ready_to_serve(_demo_settings(chosen))
    links = _make_demo(settings, posts)
    frontend = find_frontend(_progress)

    def say_links() -> None:
        for role, path in links:
            print(role, f"{settings.base_url}/{path.lstrip('/')}", sep="\t")
        print("ready", flush=True)
        _progress(f"Its e-mails can be read at {settings.base_url}/demo/mails")

    serve(settings, frontend, say_links)


def _work(chosen: argparse.Namespace) -> None:
    settings = _settings(chosen)
    with _existing(settings) as database:
        from postboard.jobs.worker import work

        work(database, settings, lambda: _progress("The worker is at work."))


def _demo_settings(chosen: argparse.Namespace) -> Settings:
    """A demo never touches a real installation: it has its own folder, SQLite in it, and a mail
    server that hands nothing on.
    """
    settings = _settings(chosen)
    data = settings.data if hasattr(chosen, "data") else settings.data / "demo"
    return replace(
        settings,
        data=data,
        database_url=f"sqlite:///{data / 'postboard.db'}",
        smtp_url=f"smtp://127.0.0.1:{require_port('127.0.0.1', 0)}?starttls=no",
        mail_from="Postboard <board@postboard.example>",
        inbound_url="",
        reply_to="",
        demo_mails=data / "mails",
    )


def _ready_to_serve(settings: Settings) -> Settings:
    port = require_port(settings.host, settings.port)
    require_folder(settings.data)
    return settings.on_port(port)


def _make_demo(settings: Settings, posts: int) -> list[tuple[str, str]]:
    started = time.monotonic()
    with _migrated(settings) as database:
        from postboard.demo import make_demo

        links = make_demo(database, posts, datetime.now(UTC))
    _progress(f"The demo world stands in {settings.data} ({time.monotonic() - started:.1f} s).")
    return links


def _import_plan(chosen: argparse.Namespace) -> None:
    content = _content(chosen.file)
    with _existing(_settings(chosen)) as database:
        from postboard.services import plan_import

        now = datetime.now(UTC)
        choices = _choices(chosen, content)
        with database.read() as session:
            preview = plan_import.preview(
                session, _operator(), chosen.client, chosen.file.name, content, choices=choices
            )
        if not chosen.dry_run:
            _ask(preview)
            with _row_counter() as count:
                done = plan_import.commit(database, _operator(), preview, now=now, progress=count)
            preview = replace(preview, skipped=(*preview.skipped, *done.skipped))
    if chosen.json:
        print(json.dumps(preview.as_json(), default=_plain, ensure_ascii=False, indent=2))
    else:
        print(_in_words(preview, chosen.dry_run))


def _import_metrics(chosen: argparse.Namespace) -> int:
    if not chosen.client and not chosen.dry_run:
        raise BadSetting("--client says whose figures they are; --dry-run looks at a file alone.")
    if chosen.client:
        with _existing(_settings(chosen)) as database:
            surveys = [_bring_in(database, file, chosen) for file in chosen.files]
    else:
        surveys = [
            _survey(file, _metric_choices(chosen), _columns(chosen)) for file in chosen.files
        ]
    if chosen.json:
        print(json.dumps(surveys, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_survey_in_words(one) for one in surveys))
    return _REFUSED if any("refused" in one for one in surveys) else 0


def _bring_in(database: "Database", file: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """One file's survey, with what importing it does or, on a dry run, would do."""
    from postboard.services import metric_files, metrics_import
    from postboard.services.metric_choices import Said

    _metric_choices(chosen)
    said = Said(
        account=chosen.account,
        network=chosen.network,
        zone=chosen.zone or "",
        order=chosen.dates or "",
        year=_positive("--year", chosen.year) if chosen.year else None,
        captured_on=chosen.captured,
        replies=False if chosen.no_replies else None,
        columns=_columns(chosen),
    )
    with _readable(file):
        given = metric_files.given(file, file.name)
    try:
        with database.read() as session:
            seen = metrics_import.preview(session, _operator("metrics"), chosen.client, given, said)
        found = {**_survey(file, seen.said.for_reader(), said.columns), "import": seen.as_json()}
        if chosen.dry_run:
            return found
        with _row_counter() as count:
            done = metrics_import.commit(
                database,
                _operator("metrics"),
                chosen.client,
                given,
                said,
                clock=lambda: datetime.now(UTC),
                confirmed=metrics_import.EVERY_WORD if chosen.link_by_words else (),
                again=chosen.again,
                progress=count,
            )
    except Refused as reason:
        return {"file": file.name, "refused": str(reason)}
    return {**found, "import": {**found["import"], **done.as_json()}}


def _metric_choices(chosen: argparse.Namespace) -> Any:
    from zoneinfo import ZoneInfo

    from postboard.domain.clock import known_zones
    from postboard.imports.metrics import MetricChoices
    from postboard.imports.plan_dates import DateOrder

    if chosen.zone and chosen.zone not in known_zones():
        raise BadSetting(f'--zone is "{chosen.zone}"; it takes a name such as Europe/Madrid.')
    return MetricChoices(
        zone=ZoneInfo(chosen.zone) if chosen.zone else None,
        order=DateOrder(chosen.dates) if chosen.dates else None,
        year=_positive("--year", chosen.year) if chosen.year else None,
        account=chosen.account,
        network=chosen.network,
        replies=not chosen.no_replies,
        columns=_columns(chosen),
    )


def _columns(chosen: argparse.Namespace) -> dict[str, str]:
    from postboard.imports.metrics import EVERY_FIGURE

    parts = [text.rpartition("=") for text in chosen.columns]
    for text, (header, _, figure) in zip(chosen.columns, parts, strict=True):
        if not header.strip() or figure.strip() not in EVERY_FIGURE:
            known = ", ".join(sorted(EVERY_FIGURE - {""}))
            raise BadSetting(f'--column is "{text}"; it takes HEADER=FIGURE, one of {known}.')
    return {header.strip(): figure.strip() for header, _, figure in parts}


def _survey(file: Path, choices: Any, said: Mapping[str, str]) -> dict[str, Any]:
    """One file that is refused does not keep the others from being looked at."""
    from postboard.imports.metrics import need_fitting, open_metrics, survey

    try:
        with _readable(file):
            opened = open_metrics(file, choices)
            need_fitting(opened, said)
            return {"file": file.name, **survey(opened)}
    except Refused as reason:
        return {"file": file.name, "refused": str(reason)}


@contextmanager
def _readable(file: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotStart(f"The file {file} cannot be read ({reason}).") from error


def _survey_in_words(found: dict[str, Any]) -> str:
    if "refused" in found:
        return f"{found['file']}: {found['refused']}"
    counts = f"{found['posts']} posts, {found['days']} days, {found['skipped']} skipped"
    days = f"{found['first_date']} to {found['last_date']}" if found["first_date"] else "no days"
    asks = [f"  to be said: {one['asks']} {one['example']}".rstrip() for one in found["questions"]]
    warnings = [f"  {warning}" for warning in found["warnings"]]
    told = [f"{found['file']}: {found['name']}: {counts}, {days}."]
    unknown = _unknown_in_words(found)
    return "\n".join([*told, *_import_in_words(found.get("import")), *warnings, *asks, *unknown])


def _unknown_in_words(found: dict[str, Any]) -> list[str]:
    """Columns that nobody has said the meaning of, and what they add up to."""
    read = {name for table in found["tables"] for name in table["reads_as"]}
    sums = {name: one for table in found["tables"] for name, one in table["columns"].items()}
    told: list[str] = []
    for name in found["unknown_columns"]:
        if name not in read:
            one = sums.get(name, {"sum": None})
            adds_up = "no numbers" if one["sum"] is None else f"sum {one['sum']}"
            told.append(f"  not known: {name}, {adds_up} (--column)")
    return told


def _import_in_words(found: dict[str, Any] | None) -> list[str]:
    if found is None:
        return []
    written = "it is written" if found["id"] else "nothing was written (--dry-run)"
    counts = (
        f"{found['new']} new, {found['updated']} updated, {found['skipped']} skipped; {written}"
    )
    ours = f"{sum(found['linked'].values())} are posts of ours, {found['external']} are not"
    open_ = f", {found['to_confirm']} may be (--link-by-words)" if found["to_confirm"] else ""
    before = [f"  it came in before, on {found['earlier']}"] if found["earlier"] else []
    return [f"  {found['client']}: {counts}.", f"  {ours}{open_}.", *before]


def _choices(chosen: argparse.Namespace, content: bytes) -> Any:
    from postboard.imports.plan import outline_of
    from postboard.imports.plan_choices import Choices, month_named
    from postboard.imports.plan_dates import DateOrder

    order = DateOrder(chosen.dates) if chosen.dates else None
    month = month_named(chosen.month) if chosen.month else ""
    outline = outline_of(content) if month else None
    unnamed = [one.sheet for one in outline.months if not one.month] if outline else []
    return Choices(order=order, months=dict.fromkeys(unnamed, month))


def _ask(preview: Any) -> None:
    """What only a person can say is not guessed."""
    outline = preview.outline
    if outline.asks_order:
        raise CannotStart(
            f"The date {outline.asks_order} can be read two ways: "
            "add --dates day-first or --dates month-first."
        )
    if any(not one.month for one in outline.months):
        raise CannotStart("The file does not say which month it draws: add --month YYYY-MM.")


@contextmanager
def _row_counter() -> Generator[Callable[[int], None]]:
    """A line of progress that is written over, where somebody watches."""
    watched = sys.stderr.isatty()

    def count(rows: int) -> None:
        if watched:
            print(f"\r{rows} rows are in", end="", file=sys.stderr, flush=True)

    yield count
    if watched:
        print(file=sys.stderr)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _operator(what: str = "plan") -> "Actor":
    """Whoever may start this command may read and write the database anyway."""
    from postboard.domain.permissions import Actor, Role

    return Actor(user_id=None, name=f"postboard import-{what}", agency_role=Role.ADMIN)


def _in_words(preview: Any, dry_run: bool) -> str:
    counts = (
        f"{len(preview.new)} new, {len(preview.updated)} updated, {len(preview.skipped)} skipped"
    )
    skipped = [f"  {row.cell or f'row {row.row}'}: {row.reason}" for row in preview.skipped]
    warnings = [f"  {warning.text}" for warning in preview.warnings]
    told = "nothing was written (--dry-run)" if dry_run else "all of it is written"
    return "\n".join([f"{preview.layout}: {counts}; {told}.", *warnings, *skipped])


def _content(file: Path, most: int = -1) -> bytes:
    """Its first `most` bytes, or all."""
    try:
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotStart(f"The file {file} cannot be read ({reason}).") from error


def _verify_audit(chosen: argparse.Namespace) -> int:
    settings = _settings(chosen)
    with _existing(settings) as database:
        from postboard.services.audit import verify

        with database.read() as session:
            report = verify(session)
    if report.first_break is None:
        print(f"{report.events} events in {report.streams} records hold together.")
        return 0
    found = report.first_break
    print(f"Broken at event {found.position} of {found.subject}: {found.message_id}.")
    return _REFUSED


def _verify_certificate(chosen: argparse.Namespace) -> int:
    """Needs the file and nothing else: no database, no server, no network."""
    from postboard.services.certificate_check import LARGEST, check

    trusted = _trusted_key(chosen.key) if chosen.key else None
    checked = check(_content(chosen.file, LARGEST + 1))
    if checked.faults or checked.key is None:
        print("\n".join(["This is no valid certificate.", *checked.faults]))
        return _REFUSED
    said, fingerprint = checked.certificate, checked.key.fingerprint
    approval, revision = said["approval"], said["revision"]["number"]
    print(f"{said['post']['key']} of {said['client']['name']}: revision {revision} was approved")
    print(f"by {approval['by']} at {approval['at']}. It certifies that revision and no other.")
    print(f"Nothing in it was changed since it was signed. The key: {fingerprint}")
    if checked.rewritten:
        print("It is laid out in another way than Postboard writes it, but says the same.")
    if trusted is None:
        print("Whose key that is, the file cannot tell: without --key this proves only that it is")
        print("unchanged since the key inside it signed it.")
    elif trusted == fingerprint:
        print("That is the key you trust.")
    else:
        print(f"That is NOT the key you trust, which is {trusted}")
        return _REFUSED
    return 0


def _trusted_key(given: str) -> str:
    from postboard.services.certificate_check import trusted_key

    file = Path(given)
    found = trusted_key(given, _content(file) if file.is_file() else None)
    if found is None:
        raise BadSetting(
            f'--key is "{given}"; it takes a fingerprint of 64 signs, or the file of an Ed25519'
            " public key in PEM."
        )
    return found


def _certificate_key(chosen: argparse.Namespace) -> None:
    from postboard.services.sealing import KeyUnusable, signer_in

    settings = _settings(chosen)
    if settings.given_signing_key is None:
        require_folder(settings.data)
    try:
        signer = signer_in(settings.signing_key_file, may_make=settings.given_signing_key is None)
    except KeyUnusable as unusable:
        raise CannotStart(unusable.reason) from unusable
    print(signer.public.fingerprint, signer.public.pem, sep="\n", end="")


@contextmanager
def _migrated(settings: Settings) -> Generator["Database"]:
    """The database, at this program's version; closed again before a server is forked."""
    from sqlalchemy.exc import OperationalError

    from postboard.db.engine import Database

    database = Database(settings.database_url)
    try:
        database.migrate()
        yield database
    except OperationalError as error:
        raise CannotStart(f"The database cannot be used: {_first_line(error.orig)}.") from error
    finally:
        database.close()


@contextmanager
def _existing(settings: Settings) -> Generator["Database"]:
    """The database of an installation that was started before; an empty one tells nothing."""
    if settings.database_file and not settings.database_file.is_file():
        raise CannotStart(
            f"There is no Postboard database in {settings.data};"
            " name the folder with --data or POSTBOARD_DATA."
        )
    with _migrated(settings) as database:
        yield database


def _settings(chosen: argparse.Namespace) -> Settings:
    names = ("data", "host", "port")
    return read_settings(options={f"--{name}": getattr(chosen, name, None) for name in names})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadSetting(f'A day is "{text}"; it is written like 2026-11-30.') from None


def _positive(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 1_000_000):  # noqa: PLR2004
        raise BadSetting(f'{name} is "{text}"; it takes a number from 1 to 1000000.')
    return int(text)


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")


def _interrupt(_signal: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say(reason: Exception, code: int) -> int:
    print(f"postboard: {reason}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
