"""What the house promises of itself, below the pages: checked on the sources and by counting."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

import postboard
from postboard.db.engine import Database
from postboard.db.types import Instant
from postboard.domain.content import Words
from postboard.domain.permissions import PERMISSIONS, Permission, Role
from postboard.domain.workflow import SPECS, STEPS, Action, Approval, Policy, State, find_step
from postboard.services import audit, board, post_rows, posts, sign_in
from postboard.services.board import Move
from postboard.services.posts import NewPost
from tests.world import NOW, World, cookie_of, count_queries, found

ROOT = Path(postboard.__file__).parent
SOURCES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for path in sorted(ROOT.rglob("*.py"))
}
WRITERS = {"services/post_rows.py", "services/posts.py", "services/ranks.py"}
OF_FOUND_POSTS = {"services/posts.py", "services/steps.py"}
RAW_WRITE = re.compile(r"\s*(update|insert\s+into|delete\s+from)\s+\W?post\b", re.IGNORECASE)
POLICIES = [Policy(approval, back) for approval in Approval for back in (False, True)]


def test_every_state_has_a_spec_and_every_role_its_rights() -> None:
    assert set(SPECS) == set(State)
    assert set(PERMISSIONS) == set(Role)


def test_every_state_is_reached_from_a_draft_and_every_action_leads_somewhere() -> None:
    reached = {State.DRAFT}
    while new := {
        step.next_state
        for policy in POLICIES
        for state in reached
        for action in Action
        if (step := find_step(state, action, policy)) and step.next_state not in reached
    }:
        reached |= new
    assert reached == set(State)
    assert {step.action for step in STEPS} == set(Action)


@pytest.mark.parametrize("policy", POLICIES)
def test_no_state_is_a_dead_end_but_the_last_one(policy: Policy) -> None:
    stuck = {s for s in State if not any(find_step(s, a, policy) for a in Action)}
    assert stuck == {State.PUBLISHED}


def test_nobody_holds_a_right_that_no_step_and_no_service_asks_for() -> None:
    named = {
        node.attr
        for name, tree in SOURCES.items()
        if name != "domain/permissions.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    }
    assert {right.name for right in Permission} - named == set()


def test_posts_are_written_by_few_services_and_their_state_by_one() -> None:
    writers = {name for name, tree in SOURCES.items() if any(_writes_of("Post", tree))}
    assert writers == WRITERS
    assert {
        name for name, tree in SOURCES.items() if _writes_through("write", tree)
    } == OF_FOUND_POSTS
    assert _functions_that_set("state", "board_column") == {
        "services/posts.py": ["_new_row"],
        "services/steps.py": ["_write_step"],
    }
    assert [
        f"{name}: {node.value}"
        for name, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and RAW_WRITE.match(node.value)
    ] == []


def test_nobody_assigns_the_state_of_a_row() -> None:
    assert [
        f"{name}:{node.lineno}"
        for name, tree in SOURCES.items()
        if not name.startswith("ui/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr in {"state", "board_column"}
    ] == []


def test_events_are_only_ever_added() -> None:
    changed = [
        f"{name}:{node.lineno}"
        for name, tree in SOURCES.items()
        for node in _writes_of("Event", tree)
        if _name(node.func) in {"update", "delete"}
    ]
    writers = {name for name, tree in SOURCES.items() if any(_writes_of("Event", tree))}
    assert (changed, writers) == ([], {"services/events.py"})


def test_the_clock_is_read_at_the_doors_only() -> None:
    """Everything below takes `now`; and no time is ever without its zone."""
    read = [
        f"{name}:{call.lineno}"
        for name, tree in SOURCES.items()
        if name.split("/")[0] in {"domain", "db", "services", "imports"}
        for call in _calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"now", "utcnow", "today", "utcfromtimestamp"}
    ]
    naive = [
        f"{name}:{call.lineno}"
        for name, tree in SOURCES.items()
        for call in _calls(tree)
        if isinstance(call.func, ast.Attribute)
        and (
            call.func.attr in {"utcnow", "utcfromtimestamp"}
            or (call.func.attr == "now" and not call.args and not call.keywords)
        )
    ]
    assert (read, naive) == ([], [])


def test_every_instant_in_a_table_is_aware() -> None:
    naive = [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if (column.name.endswith("_at") or column.name in {"at", "state_since"})
        and not isinstance(column.type, Instant)
    ]
    assert naive == []


def test_every_table_says_what_a_row_is() -> None:
    silent = [table.__name__ for table in SQLModel.__subclasses__() if not table.__doc__]
    assert silent == []


def test_no_row_is_fetched_by_a_bare_id() -> None:
    """`session.get` asks nobody whether the row may be seen."""
    assert [
        f"{name}:{call.lineno}"
        for name, tree in SOURCES.items()
        for call in _calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"get", "get_one"}
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "session"
    ] == []


def test_a_move_costs_the_same_on_a_small_and_a_large_board(
    database: Database, world: World
) -> None:
    def cost() -> list[str]:
        post = found(database, world.ben, world.acme.posts[State.IN_PRODUCTION])
        asked = Move(uuid4(), post.id, post.version)
        with count_queries(database) as statements, database.write() as session:
            board.move(session, world.ben, asked, now=NOW)
        return statements

    small = cost()
    _add_posts(database, world, 30)
    assert cost() == small


def test_signing_in_and_checking_the_log_cost_the_same_for_many_rows(
    database: Database, world: World
) -> None:
    cookie = cookie_of(database, world.ben)

    post_id = world.acme.posts[State.APPROVED]
    asks: list[Callable[[Session], object]] = [
        partial(sign_in.signed_in, token=cookie, now=NOW),
        audit.verify,
        partial(post_rows.find, actor=world.cleo, post_id=post_id),
    ]

    def cost() -> list[int]:
        costs: list[int] = []
        for ask in asks:
            with count_queries(database) as statements, database.read() as session:
                ask(session)
            costs.append(len(statements))
        return costs

    few = cost()
    _add_posts(database, world, 30)
    assert cost() == few


def test_thirty_new_posts_cost_as_many_statements_as_one(database: Database, world: World) -> None:
    with count_queries(database) as one:
        _add_posts(database, world, 1)
    with count_queries(database) as thirty:
        _add_posts(database, world, 30)
    assert len(thirty) == len(one)


def _add_posts(database: Database, world: World, count: int) -> None:
    with database.write() as session:
        news = [NewPost(Words(f"Bun {n}")) for n in range(count)]
        posts.create_many(session, world.ben, world.acme.id, news, now=NOW)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _writes_of(table: str, tree: ast.AST) -> Iterator[ast.Call]:
    """Where a module says insert, update or delete of a table, or makes a row of it.

    Statements past the ORM name the table in capitals: `_POST` is Post's.
    """
    names = {table, "_" + re.sub(r"(?<!^)(?=[A-Z])", "_", table).upper()}
    for call in _calls(tree):
        verb, first = _name(call.func), _name(call.args[0]) if call.args else ""
        made = isinstance(call.func, ast.Name) and verb == table
        if made or (verb in {"insert", "update", "delete"} and first in names):
            yield call


def _writes_through(name: str, tree: ast.AST) -> bool:
    """Whether a module uses that function of `post_rows`."""
    return any(
        node.module == "postboard.services.post_rows" and alias.name == name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ) or any(
        isinstance(node, ast.Attribute) and node.attr == name and _name(node.value) == "post_rows"
        for node in ast.walk(tree)
    )


def _functions_that_set(*keys: str) -> dict[str, list[str]]:
    """Those of who writes posts with a dictionary of values, or a `.values(…)`, of these."""
    found: dict[str, list[str]] = {}
    for name in WRITERS | OF_FOUND_POSTS:
        for function in ast.walk(SOURCES[name]):
            if not isinstance(function, ast.FunctionDef):
                continue
            if any(set(keys) & set(written) for written in _values_written(function)):
                found.setdefault(name, []).append(function.name)
    return {name: sorted(functions) for name, functions in found.items()}


def _values_written(function: ast.FunctionDef) -> Iterator[list[object]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            yield [key.value for key in node.keys if isinstance(key, ast.Constant)]
    for call in _calls(function):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "values":
            yield [keyword.arg for keyword in call.keywords]


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
