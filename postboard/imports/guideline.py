"""A guideline from a file that somebody has already: Markdown, Word, or Postboard's own JSON.

Word files go by mammoth, which reads what a paragraph means and not how it looks, to HTML, and by
markdownify to Markdown. What comes out is Markdown like any other: it is made safe where shown.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4
from xml.parsers.expat import ExpatError

import mammoth  # pyright: ignore[reportMissingTypeStubs]
from markdownify import markdownify  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from postboard.domain.errors import BadInput
from postboard.domain.guidelines import (
    SECTIONS_MAX,
    TEXT_MAX,
    TITLE_MAX,
    WHOLE_MAX,
    Guideline,
    Section,
    Topic,
    guideline_from_json,
)
from postboard.domain.markdown import Heading, outline
from postboard.imports import word_file
from postboard.imports.encodings import decode
from postboard.imports.refusals import NotATable
from postboard.locale import N_, MessageId

FILE_MAX: Final = 2 * 1024 * 1024
PICTURES_LEFT_OUT: Final = N_("Pictures were left out: add them to the sections from the library.")

_TOPICS: Final = (
    (Topic.TONE, r"\btones?\b|\bvoice\b|\bstyle\b|语气|语调|文风"),
    (Topic.LENGTH, r"\blength|\bhow long\b|\bcharacters?\b|长度|字数"),
    (Topic.GRAPHICS, r"graphic|image|picture|photo|visual|video|logo|图|视觉|视频|标志"),
    (Topic.LINKS, r"\blinks?\b|\butm\b|hashtag|链接|标签"),
    (Topic.LEGAL, r"legal|disclos|copyright|compliance|privacy|法律|法务|合规|披露|广告标识"),
    (Topic.DEADLINES, r"deadline|lead time|schedule|timeline|calendar|时限|截止|排期|日程"),
    (Topic.RESPONSE, r"respon|repl(?:y|ies)|escalat|响应|回复|答复"),
    (Topic.REPORT, r"report|metric|analytics|kpi|报告|报表|指标"),
    (Topic.BRAND, r"brand|mission|values|audience|品牌|受众|使命"),
)


@dataclass(frozen=True, slots=True)
class ReadGuideline:
    guideline: Guideline
    warnings: tuple[MessageId, ...] = ()


def read_guideline(content: bytes, name: str) -> ReadGuideline:
    """The sections of a file; `name` is the file's and heads what has no heading.

    Raises:
        BadInput: it is too large, or nothing that can be read.
    """
    if len(content) > FILE_MAX:
        raise BadInput(
            "This file has {size} MB; a guideline takes {limit} MB.",
            size=f"{len(content) / 1024 / 1024:.1f}",
            limit=FILE_MAX // 1024 // 1024,
        )
    if content.startswith(b"PK\x03\x04"):
        text, has_pictures = _from_word(content)
        warnings = (PICTURES_LEFT_OUT,) if has_pictures else ()
        return ReadGuideline(_in_sections(text, name), warnings)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return ReadGuideline(_from_json(content))
    try:
        text, _, _ = decode(content)
    except NotATable as no:
        raise BadInput("This is no text. Save the guideline as .md or .docx.") from no
    return ReadGuideline(_in_sections(text, name))


def _from_json(content: bytes) -> Guideline:
    try:
        told: Any = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise BadInput("This file is damaged: it begins like JSON.") from fault
    return guideline_from_json(told)


def _from_word(content: bytes) -> tuple[str, bool]:
    """Its Markdown, and whether it had pictures."""
    try:
        text = _markdown(word_file.checked(content))
    except (
        zipfile.BadZipFile,
        ExpatError,
        word_file.Grows,
        LookupError,
        ValueError,
        AttributeError,
        NotImplementedError,
        OSError,
        EOFError,
        RuntimeError,
    ) as fault:
        raise BadInput("This Word file is damaged. Open it in Word and save it anew.") from fault
    without = _PICTURE.sub("", text)
    return without, without != text


def _markdown(content: bytes) -> str:
    word: Any = mammoth
    read = word.convert_to_html(
        io.BytesIO(content),
        style_map="p[style-name='Title'] => !",  # it heads no section
        convert_image=word.images.img_element(_no_picture),
    )
    return str(
        markdownify(str(read.value), heading_style="ATX", bullets="-", table_infer_header=True)
    )


_PICTURE: Final = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")


def _no_picture(_image: Any) -> dict[str, str]:
    return {"src": "left-out"}


def _in_sections(text: str, name: str) -> Guideline:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Before it is read: two megabytes of headings take a minute.
    if len(text) > WHOLE_MAX:
        raise BadInput("A guideline takes at most {limit} characters.", limit=WHOLE_MAX)
    found = tuple(_sections(text, _stem(name)))
    if not found:
        raise BadInput("There is nothing in this file.")
    if len(found) > SECTIONS_MAX:
        raise BadInput(
            "This file has {count} sections; a guideline takes {limit}.",
            count=len(found),
            limit=SECTIONS_MAX,
        )
    for one in found:
        if len(one.text) > TEXT_MAX:
            raise BadInput(
                "The section “{title}” has {characters} characters; {limit} fit. Give it headings.",
                title=one.title,
                characters=len(one.text),
                limit=TEXT_MAX,
            )
    return Guideline(found)


def _sections(text: str, name: str) -> Iterator[Section]:
    """One a heading; those below the first level that occurs twice stay in their section."""
    lines = text.split("\n")
    headings = outline(text)
    depth = _depth(headings)
    cuts = [one for one in headings if one.depth <= depth]
    if before := "\n".join(lines[: cuts[0].line if cuts else None]).strip():
        yield _section(name, before)
    for index, one in enumerate(cuts):
        until = cuts[index + 1].line if index + 1 < len(cuts) else None
        body = "\n".join(lines[one.end : until]).strip("\n").rstrip()
        # The title of the whole document heads nothing of its own.
        if body or (one.words and one.depth == depth and len(cuts) > 1):
            yield _section(one.words or name, body)


def _depth(headings: list[Heading]) -> int:
    levels = [one.depth for one in headings]
    repeated = [level for level in sorted(set(levels)) if levels.count(level) > 1]
    return repeated[0] if repeated else max(levels[:2], default=1)


def _section(title: str, text: str) -> Section:
    words = re.sub(r"[*_`\\]", "", title).strip() or title
    if len(words) > TITLE_MAX:
        text = f"{words}\n\n{text}".strip()
        words = words[: TITLE_MAX - 1] + "…"
    return Section(uuid4().hex, _topic_of(words), words, text)


def _topic_of(title: str) -> Topic:
    found = (topic for topic, words in _TOPICS if re.search(words, title, re.IGNORECASE))
    return next(found, Topic.OTHER)


def _stem(name: str) -> str:
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0].strip()
    return " ".join(stem.replace("_", " ").split())[:TITLE_MAX] or "1"
