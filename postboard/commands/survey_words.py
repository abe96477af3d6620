"""What a file of figures holds, said in words."""

from typing import Any


def survey_in_words(found: dict[str, Any]) -> str:
    if "refused" in found:
        return f"{found['file']}: {found['refused']}"
    counts = f"{found['posts']} posts, {found['days']} days, {found['skipped']} skipped"
    days = f"{found['first_date']} to {found['last_date']}" if found["first_date"] else "no days"
    asks = [f"  to be said: {one['asks']} {one['example']}".rstrip() for one in found["questions"]]
    warnings = [f"  {warning}" for warning in found["warnings"]]
    told = [f"{found['file']}: {found['name']}: {counts}, {days}."]
    unknown = _unknown_in_words(found)
    return "\n".join([*told, *_import_in_words(found.get("import")), *warnings, *asks, *unknown])


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
