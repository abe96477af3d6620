"""Which sentences the sources hold, found without running them.

| where | looks like | needed by |
|---|---|---|
| Python, ui | `_("…")`, `n_("…", "…", n)` | browser |
| Python, data tables | `N_("…")` | browser and server |
| Python, server | `x.gettext("…")`, `x.ngettext("…", "…", n)` | server |
| Refused classes | `sentence = "…"`, `NotAllowed("…", fact=…)`, `NotAllowed(WHY)` | server |
| JSX | `t("…")`, `plural("…", "…", n)` | browser |
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

# How many of the first arguments are sentences.
_BROWSER_CALLS: Final = {"_": 1, "n_": 2, "N_": 1}
_SERVER_CALLS: Final = {"gettext": 1, "ngettext": 2}
_REFUSED: Final = "Refused"
# The modules that make the mechanism speak of sentences without holding any; what is compiled
# from the sources holds them a second time.
_LEFT_OUT: Final = ("locale", "ui/words.py", "ui/wrappers/words.jsx", "frontend")

_JSX_STRING: Final = r'"(?:[^"\\\n]|\\.)*"'
_JSX_CALL: Final = re.compile(
    rf"(?<![\w$])(?P<call>t|plural)\(\s*(?P<one>{_JSX_STRING})?(?:\s*,\s*(?P<many>{_JSX_STRING}))?"
)
_JSX_COMMENT: Final = re.compile(r"/\*.*?\*/|(?<![:\"'\w])//[^\n]*", re.DOTALL)


@dataclass(frozen=True)
class Sentence:
    """One use of a sentence; `many` is its English plural, if it counts something."""

    one: str
    many: str | None
    place: str
    in_browser: bool


@dataclass(frozen=True)
class NotLiteral:
    """A call whose sentence nobody can find without running it."""

    place: str


Found = Sentence | NotLiteral


def sentences(package: Path) -> list[Found]:
    """Every sentence under the package's folder, in the order of files and lines."""
    sources = sorted(p for p in package.rglob("*") if p.suffix in {".py", ".js", ".jsx"})
    kept = [p for p in sources if not p.relative_to(package).as_posix().startswith(_LEFT_OUT)]
    trees = {p: ast.parse(p.read_bytes()) for p in kept if p.suffix == ".py"}
    refusals = _refusals(trees.values())
    constants = _constants(trees.values())
    found: list[Found] = []
    for path in kept:
        place = path.relative_to(package.parent).as_posix()
        if path in trees:
            found.extend(_in_python(trees[path], place, refusals, constants))
        else:
            found.extend(_in_jsx(path.read_text("utf-8"), place))
    return found


def _refusals(trees: Iterable[ast.Module]) -> frozenset[str]:
    """Names of all classes that descend from Refused, across modules."""
    bases = {
        node.name: {_name(base) for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    names = {_REFUSED}
    while more := {name for name, parents in bases.items() if parents & names} - names:
        names |= more
    return frozenset(names)


def _constants(trees: Iterable[ast.Module]) -> dict[str, ast.expr]:
    """The modules' named texts: a refusal used in several places has its sentence there."""
    return {
        _name(target): line.value
        for tree in trees
        for line in tree.body
        if isinstance(line, ast.Assign | ast.AnnAssign) and isinstance(line.value, ast.Constant)
        for target in (line.targets if isinstance(line, ast.Assign) else [line.target])
    }


def _in_python(
    tree: ast.Module, place: str, refusals: frozenset[str], constants: Mapping[str, ast.expr]
) -> Iterator[Found]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in refusals:
            yield from _class_sentence(node, place)
        elif isinstance(node, ast.Call) and _name(node.func) in refusals:
            yield from _refusal_sentences(node, place, constants)
        elif isinstance(node, ast.Call):
            yield from _call_sentence(node, place)


def _class_sentence(node: ast.ClassDef, place: str) -> Iterator[Found]:
    for line in node.body:
        targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
        value = getattr(line, "value", None)
        if any(_name(target) == "sentence" for target in targets) and value is not None:
            yield _sentence([value], f"{place}:{line.lineno}", in_browser=False)


def _refusal_sentences(
    node: ast.Call, place: str, constants: Mapping[str, ast.expr]
) -> Iterator[Found]:
    for branch in _branches(node.args[:1]):
        sentence = constants.get(_name(branch), branch)
        if not _is_marked_elsewhere([sentence]):
            yield _sentence([sentence], f"{place}:{node.lineno}", in_browser=False)


def _call_sentence(node: ast.Call, place: str) -> Iterator[Found]:
    name = _name(node.func)
    plain = isinstance(node.func, ast.Name)
    if plain and name in _BROWSER_CALLS:
        count, in_browser = _BROWSER_CALLS[name], True
    elif not plain and name in _SERVER_CALLS:
        count, in_browser = _SERVER_CALLS[name], False
    else:
        return
    if not _is_marked_elsewhere(node.args[:1]):
        yield _sentence(node.args[:count], f"{place}:{node.lineno}", in_browser=in_browser)


def _branches(sentence: list[ast.expr]) -> list[ast.expr]:
    match sentence:
        case [ast.IfExp(body=one, orelse=other)]:
            return [*_branches([one]), *_branches([other])]
        case _:
            return sentence


def _is_marked_elsewhere(sentence: list[ast.expr]) -> bool:
    """A name, a column of a table or a Var carries a sentence that `N_` marked at its source."""
    return bool(sentence) and isinstance(sentence[0], ast.Name | ast.Attribute | ast.Subscript)


def _sentence(parts: list[ast.expr], place: str, *, in_browser: bool) -> Found:
    words = [text for part in parts if (text := _text(part)) is not None]
    if not words or len(words) != len(parts):
        return NotLiteral(place)
    return Sentence(words[0], words[1] if len(words) > 1 else None, place, in_browser)


def _in_jsx(source: str, place: str) -> Iterator[Found]:
    bare = _JSX_COMMENT.sub(_blank, source)
    for call in _JSX_CALL.finditer(bare):
        spot = f"{place}:{bare.count(chr(10), 0, call.start()) + 1}"
        counts = call["call"] == "plural"
        if call["one"] is None or (counts and call["many"] is None):
            yield NotLiteral(spot)
            continue
        many = json.loads(call["many"]) if counts else None
        yield Sentence(json.loads(call["one"]), many, spot, in_browser=True)


def _blank(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _name(node: ast.AST | None) -> str:
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    return getattr(node, "id", None) or getattr(node, "attr", None) or ""
