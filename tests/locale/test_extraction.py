"""Sentences are found in the sources without running them."""

from postboard.locale.extraction import NotLiteral, Sentence, sentences

PAGE = """
title = _("Board")
heads = n_("{n} post", "{n} posts", State.count), _(spec.label), _(card.state)
LABELS = {"draft": N_("Draft")}
_(f"Round {n}")
"""
RULES = """
class TooLate(Refused):
    sentence: ClassVar[str] = "It is too late."

class MuchTooLate(errors.TooLate):
    sentence = "It is much " "too late."

class Plan:
    sentence = "Not for people."

def decide():
    raise MuchTooLate("Too late for {client}.", client=client)
    raise MuchTooLate(f"Too late for {client}.")
    raise ValueError("Not for people either.")
    raise TooLate("Yesterday." if client else WHY)
    raise TooLate(marked_in_a_table)

WHY: Final = "A holiday."
OTHER = "Not for people at all."
"""
MAIL = """
subject = words.gettext("A post waits for you")
body = words.ngettext("{n} waits", "{n} wait", 2)
"""
BOARD = """
import { t } from "./words.jsx"; // t("not this")
const label = t("Can't move “{title}”", { title }) + plural("{n} card", "{n} cards", n);
const at = list.at("0") + format("x") + t(name);
"""


def test_python_and_jsx_give_up_their_sentences(tmp_path):
    package = tmp_path / "postboard"
    for name, source in {
        "domain/rules.py": RULES,
        "services/mail.py": MAIL,
        "ui/page.py": PAGE,
        "ui/wrappers/board.jsx": BOARD,
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(source, "utf-8")

    def browser(place, one, many=None):
        return Sentence(one, many, f"postboard/{place}", in_browser=True)

    def server(place, one, many=None):
        return Sentence(one, many, f"postboard/{place}", in_browser=False)

    assert sorted(sentences(package), key=lambda found: (found.place, str(found))) == [
        server("domain/rules.py:12", "Too late for {client}."),
        NotLiteral("postboard/domain/rules.py:13"),
        server("domain/rules.py:15", "A holiday."),
        server("domain/rules.py:15", "Yesterday."),
        server("domain/rules.py:3", "It is too late."),
        server("domain/rules.py:6", "It is much too late."),
        server("services/mail.py:2", "A post waits for you"),
        server("services/mail.py:3", "{n} waits", "{n} wait"),
        browser("ui/page.py:2", "Board"),
        browser("ui/page.py:3", "{n} post", "{n} posts"),
        browser("ui/page.py:4", "Draft"),
        NotLiteral("postboard/ui/page.py:5"),
        browser("ui/wrappers/board.jsx:3", "Can't move “{title}”"),
        browser("ui/wrappers/board.jsx:3", "{n} card", "{n} cards"),
        NotLiteral("postboard/ui/wrappers/board.jsx:4"),
    ]
