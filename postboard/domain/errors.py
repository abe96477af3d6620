"""Ways a rule says no. Doors turn them into a toast, a page or an HTTP status."""

from typing import ClassVar


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A rule said no.

    `sentence` is an English message id of the catalogue, with `{name}` placeholders that
    `facts` fill; doors translate it for the person who asked.
    """

    status: ClassVar[int] = 409
    sentence: ClassVar[str] = "That is not possible now."

    def __init__(self, sentence: str | None = None, /, **facts: object) -> None:
        self.message_id = sentence or self.sentence
        self.facts = facts
        super().__init__(self.message_id.format_map(facts) if facts else self.message_id)


class NotFound(Refused):
    """It does not exist, or is not this actor's to see: the same answer for both."""

    status = 404
    sentence = "This is not here, or not yours to see."


class NotAllowed(Refused):
    """The actor sees it, but lacks the right."""

    status = 403
    sentence = "Your role does not allow this."


class Stale(Refused):
    """It changed since the caller read it."""

    sentence = "Somebody changed this meanwhile. Here is the newest version."


class BadInput(Refused):
    """A value is outside what the field takes."""

    status = 422
    sentence = "This value does not fit the field."
