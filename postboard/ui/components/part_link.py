"""A link to a part of the page that is shown."""

import reflex as rx


def part_link(words: rx.Var[str], part: rx.Var[str] | str, **how: str) -> rx.Component:
    """Goes there by itself: the router would drop what the address asks for, and load anew."""
    place = rx.Var.create(part).to(str)
    script = f"""((part) => {{
      part?.scrollIntoView();
      part?.focus({{ preventScroll: true }});
    }})(document.getElementById({place!s}))"""
    go = rx.run_script(rx.Var(script, _var_data=place._get_all_var_data()))  # noqa: SLF001
    return rx.el.a(words, href=rx.Var.create("#") + place, on_click=go.prevent_default, **how)
