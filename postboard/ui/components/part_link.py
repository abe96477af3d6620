"""Ways to a part of the page that is shown."""

from typing import Final

import reflex as rx

TO_PART: Final = """
(() => {
  const name = location.hash.slice(1);
  if (!name) return;
  const go = () => document.getElementById(name)?.scrollIntoView();
  const drawn = new MutationObserver(go);
  const stop = () => drawn.disconnect();
  drawn.observe(document.body, { childList: true, subtree: true });
  for (const did of ["wheel", "touchstart", "pointerdown", "keydown"])
    addEventListener(did, stop, { once: true, passive: true });
  setTimeout(stop, 5000);
  go();
})()
"""
"""To what the address names; while more is drawn above it, until the reader goes elsewhere."""


def part_link(words: rx.Var[str], part: rx.Var[str] | str, **how: str) -> rx.Component:
    """Goes there by itself: the router would drop what the address asks for, and load anew."""
    place = rx.Var.create(part).to(str)
    script = f"""((part) => {{
      part?.scrollIntoView();
      part?.focus({{ preventScroll: true }});
    }})(document.getElementById({place!s}))"""
    go = rx.run_script(rx.Var(script, _var_data=place._get_all_var_data()))  # noqa: SLF001
    return rx.el.a(words, href=rx.Var.create("#") + place, on_click=go.prevent_default, **how)
