"""What a figure reads like once a browser has put in words and colours."""

from typing import Any


def readable(part: Any) -> Any:
    """As ui/wrappers/figure.js does it, in English, each colour the same grey."""
    match part:
        case {"t": list() as lines, **more}:
            return str(more.get("by", "<br>")).join(said(line) for line in lines)
        case dict():
            return {name: readable(inner) for name, inner in part.items()}
        case list():
            return [readable(inner) for inner in part]
        case str() if part.startswith(("var(", "oklch(")):
            return "rgb(120,120,120)"
        case _:
            return part


def said(node: Any) -> str:
    match node:
        case {"d": day, **_rest}:
            return day
        case {"s": sentence, **more}:
            return sentence.format_map({k: said(v) for k, v in more.get("f", {}).items()})
        case _:
            return str(node)


def sentences(part: Any) -> set[str]:
    """Every sentence in it that has to be translated."""
    match part:
        case {"s": str() as sentence, **more}:
            return {sentence} | sentences(list(more.values()))
        case dict():
            return sentences(list(part.values()))
        case list():
            return set().union(*(sentences(inner) for inner in part))
        case _:
            return set()
