"""Every handler there is, whoever wrote it and whenever, and something to call it with."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from postboard.ui.arguments import Arguments
from postboard.ui.guard import Rule, rule_of

OURS = "postboard"


@dataclass(frozen=True)
class Handler:
    name: str
    rule: Rule | None
    types: Mapping[str, Any]
    required: frozenset[str]
    function: Callable[..., Any]

    @property
    def is_ours(self) -> bool:
        return self.function.__module__.partition(".")[0] == OURS

    def payload(self, named: Mapping[str, Any]) -> dict[str, Any]:
        """Fitting arguments: by name where the world knows the name, else by type."""
        return {
            name: named[name] if name in named else sample(hint)
            for name, hint in self.types.items()
        }


def every_handler() -> list[Handler]:
    """As the running app has registered them; needs the app's settings in the environment."""
    from reflex_base.registry import RegistrationContext

    importlib.import_module("postboard.postboard")
    registered = RegistrationContext.ensure_context().event_handlers
    handlers = [_handler(name, one.handler.fn) for name, one in registered.items()]
    return sorted(handlers, key=lambda one: one.name)


def sample(hint: Any) -> Any:
    """A value of the type, or a failure: then teach this table the new type."""
    from postboard.ui.arguments import check_for

    candidates = ("x", 1, 1.5, True, [], ["x"], {}, {"x": "x"}, {"x": 1}, None, *get_args(hint))
    fitting = [value for value in candidates if check_for(hint)(value)]
    assert fitting, f"no sample for an argument of type {hint}"
    return fitting[0]


def _handler(name: str, function: Callable[..., Any]) -> Handler:
    arguments = Arguments(function)
    return Handler(name, rule_of(function), arguments.types, arguments.required, function)
