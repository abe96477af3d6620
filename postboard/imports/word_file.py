"""A Word file made small and plain before anything reads it as a tree.

What is inside may be anything: text that unpacks without end, XML that grows, a note that is
referred to a million times. Other parts than the checked ones do not reach the reader at all.
"""

import io
import zipfile
from collections import Counter
from typing import Final
from xml.parsers import expat

from postboard.domain.errors import BadInput

UNPACKED_MAX: Final = 8 * 1024 * 1024
"""Of its XML, all of which is held as a tree; pictures are never unpacked."""
ELEMENTS_MAX: Final = 120_000
"""Of its XML: a hundred pages have fewer."""
PARAGRAPHS_MAX: Final = 10_000
_MAIN: Final = "word/document.xml"
_XML: Final = (".xml", ".rels")
_PICTURES: Final = "word/media/"
_NOTES: Final = ("footnoteReference", "endnoteReference", "commentReference")


class Grows(Exception):  # noqa: N818 - it is damaged, whoever made it so
    """It is XML that Word does not write, and that could grow without end."""


def checked(content: bytes) -> bytes:
    """The same file with its checked XML alone; every other part is there, and empty.

    Raises:
        BadInput: it is no Word file, or too much of one.
        BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ExpatError, Grows: it is
            damaged.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {one.filename: one for one in archive.infolist()}
        if _MAIN not in parts:
            raise BadInput("This is no Word file. Save the guideline as .md or .docx.")
        read = [one for one in parts.values() if not one.filename.startswith(_PICTURES)]
        if sum(one.file_size for one in read) > UNPACKED_MAX:
            raise BadInput("Unpacked, this file is too large.")
        seen = _Seen()
        with zipfile.ZipFile(packed, "w") as plain:
            for name, part in parts.items():
                is_read = name.lower().endswith(_XML) and not name.startswith(_PICTURES)
                plain.writestr(name, seen.held(archive.read(part)) if is_read else b"")
    return packed.getvalue()


class _Seen:
    """What all parts have together."""

    def __init__(self) -> None:
        self.elements: Counter[str] = Counter()
        self.notes: set[tuple[str, str]] = set()

    def held(self, xml: bytes) -> bytes:
        """The same, which is within the limits."""
        reader = expat.ParserCreate(namespace_separator=" ")
        reader.StartDoctypeDeclHandler = _refuse_doctype
        reader.StartElementHandler = self._element
        reader.Parse(xml, True)
        return xml

    def _element(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.elements[name] += 1
        if self.elements["p"] > PARAGRAPHS_MAX or self.elements.total() > ELEMENTS_MAX:
            raise BadInput("Unpacked, this file is too large.")
        if name in _NOTES:
            self._note(name, attributes)

    def _note(self, name: str, attributes: dict[str, str]) -> None:
        """Word refers to each note once; every time, all of it would be read again."""
        for key, value in attributes.items():
            if key.rpartition(" ")[2] == "id":
                if (name, value) in self.notes:
                    raise Grows
                self.notes.add((name, value))


def _refuse_doctype(*_told: object) -> None:
    """Word writes none; entities in one can grow without end."""
    raise Grows
