"""A guideline out of files: what is a section, what is left out, what is refused."""

import io
import json
import zipfile
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postboard.domain.errors import Refused
from postboard.domain.guidelines import Guideline, Section, Topic, guideline_as_json
from postboard.imports.guideline import (
    FILE_MAX,
    PICTURES_LEFT_OUT,
    ReadGuideline,
    read_guideline,
)

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
    "</w:style>"
    for name in ("Title", "heading 1", "heading 2")
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def paragraph(text: str, style: str = "", run: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def word(body: str, head: str = "", /, **parts: str | bytes) -> bytes:
    """A .docx as small as mammoth reads one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        document = f'{head}<w:document xmlns:w="{NAMESPACE}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
        styles = f'<w:styles xmlns:w="{NAMESPACE}">{STYLES}</w:styles>'
        archive.writestr("word/styles.xml", styles)
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def told(content: bytes | str, name: str = "Our rules.md") -> list[tuple[Topic, str, str]]:
    content = content.encode() if isinstance(content, str) else content
    sections = read_guideline(content, name).guideline.sections
    return [(one.topic, one.title, one.text) for one in sections]


MARKDOWN = {
    "sections of a titled document": (
        "# Acme\n\n## Tone of voice\nWarm.\n\n### Never\nLoud.\n\n## 响应时间\n当天。\n",
        [
            (Topic.TONE, "Tone of voice", "Warm.\n\n### Never\nLoud."),
            (Topic.RESPONSE, "响应时间", "当天。"),
        ],
    ),
    "words before the first heading": (
        "Read this.\r\n\r\n# Links\r\nShort.\r\n# Report\r\nMonthly.",
        [
            (Topic.OTHER, "Our rules", "Read this."),
            (Topic.LINKS, "Links", "Short."),
            (Topic.REPORT, "Report", "Monthly."),
        ],
    ),
    "underlined headings, and none in code": (
        "Tone\n====\nWarm.\n\n```\n# no\n```\n\nLogo\n====\nLeft.",
        [(Topic.TONE, "Tone", "Warm.\n\n```\n# no\n```"), (Topic.GRAPHICS, "Logo", "Left.")],
    ),
    "no heading at all": ("Be kind.", [(Topic.OTHER, "Our rules", "Be kind.")]),
    "a heading with nothing below it is a place to fill": (
        "# Brand\n# Tone\nWarm.",
        [(Topic.BRAND, "Brand", ""), (Topic.TONE, "Tone", "Warm.")],
    ),
}


@pytest.mark.parametrize(("content", "sections"), MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_comes_in_by_its_headings(content: str, sections: list) -> None:
    assert told(content) == sections


def test_other_encodings_are_read() -> None:
    assert told("# 语气\n亲切。\n# 图片\n大。".encode("gb18030"))[0] == (
        Topic.TONE,
        "语气",
        "亲切。",
    )


def test_a_word_file_comes_in_by_its_styles() -> None:
    body = (
        paragraph("Acme", "Title")
        + paragraph("Tone", "heading1")
        + paragraph("Warm", run="<w:b/>")
        + paragraph("Never loud.")
        + paragraph("Graphics", "heading1")
        + "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Size</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:tr><w:tc><w:p><w:r><w:t>1080</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    read = read_guideline(word(body), "acme.docx")
    assert read == ReadGuideline(
        Guideline(
            (
                Section(ANY, Topic.TONE, "Tone", "**Warm**\n\nNever loud."),
                Section(ANY, Topic.GRAPHICS, "Graphics", "| Size |\n| --- |\n| 1080 |"),
            )
        )
    )


def test_pictures_of_a_word_file_are_left_out_and_that_is_said() -> None:
    drawn = (
        '<w:p><w:r><w:t>Logo</w:t><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org'
        '/drawingml/2006/wordprocessingDrawing"><wp:docPr descr="Our logo"/><a:graphic xmlns:a='
        '"http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic='
        '"http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip xmlns:r='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rId1"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="media/a.png" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/image"/></Relationships>'
    )
    parts = {"word/_rels/document.xml.rels": relations, "word/media/a.png": "x"}
    read = read_guideline(word(drawn, **parts), "acme.docx")
    assert read == ReadGuideline(
        Guideline((Section(ANY, Topic.OTHER, "acme", "Logo"),)), (PICTURES_LEFT_OUT,)
    )


def test_what_postboard_wrote_comes_in_as_it_was() -> None:
    written = Guideline((Section("tone", Topic.TONE, "Tone", "Warm."),))
    content = json.dumps(guideline_as_json(written)).encode()
    assert read_guideline(content, "acme.json").guideline == written


def hidden(body: str) -> bytes:
    """A .docx whose own relations lead to a document among the pictures."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="word/media/a.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    document = f'<w:document xmlns:w="{NAMESPACE}"><w:body>{body}</w:body></w:document>'
    return word("", **{"_rels/.rels": relations, "word/media/a.xml": document})


def noted(times: int) -> bytes:
    """A .docx that refers so often to one note."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="footnotes.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/footnotes"/></Relationships>'
    )
    note = f'<w:footnote w:id="2">{paragraph("More.")}</w:footnote>'
    notes = f'<w:footnotes xmlns:w="{NAMESPACE}">{note}</w:footnotes>'
    body = "<w:p><w:r><w:t>Warm</w:t>" + '<w:footnoteReference w:id="2"/>' * times + "</w:r></w:p>"
    parts = {"word/_rels/document.xml.rels": relations, "word/footnotes.xml": notes}
    return word(body, **parts)


def test_a_note_of_a_word_file_stands_below() -> None:
    (section,) = read_guideline(noted(1), "acme.docx").guideline.sections
    assert "More." in section.text


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
REFUSED = {
    "too large": (b"a" * (FILE_MAX + 1), "This file has 2.0 MB; a guideline takes 2 MB."),
    "nothing in it": (b" \n ", "There is nothing in this file."),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "This is no text. Save the guideline as .md"),
    "half a ZIP": (b"PK\x03\x04 and no more", "This Word file is damaged."),
    "entities that grow": (word(paragraph("&b;"), BOMB), "This Word file is damaged."),
    "entities behind a long comment": (
        word(paragraph("&b;"), f"<!--{'a' * 70_000}-->{BOMB}"),
        "This Word file is damaged.",
    ),
    "entities in another encoding": (
        word(
            "",
            **{"word/numbering.xml": f'\ufeff<?xml version="1.0"?>{BOMB}<a/>'.encode("utf-16-le")},
        ),
        "This Word file is damaged.",
    ),
    "a document among the pictures": (hidden(paragraph("a" * 100)), "This Word file is damaged."),
    "a note that is told again and again": (noted(2), "This Word file is damaged."),
    "paragraphs without end": (word("<w:p/>" * 10_001), "Unpacked, this file is too large."),
    "elements without end": (
        word("<w:p>" + "<w:r/>" * 120_000 + "</w:p>"),
        "Unpacked, this file is too large.",
    ),
    "broken XML": (word("<w:p>"), "This Word file is damaged."),
    "more than it seems": (
        word("", **{"word/x.xml": "a" * (9 << 20)}),
        "Unpacked, this file is too large.",
    ),
    "half a JSON": (b'{"sections": [', "This file is damaged: it begins like JSON."),
    "deep JSON": (b'{"a":' * 100_000, "This file is damaged: it begins like JSON."),
    "another JSON": (b'{"sections": [{"a": 1}]}', "This is not a guideline that Postboard wrote."),
    "many sections": (b"# a\nb\n" * 61, "This file has 61 sections; a guideline takes 60."),
    "headings without end": (b"# a\n" * 75_001, "A guideline takes at most 300000 characters."),
    "a long one": (
        b"# Tone\n" + b"a" * 20_001,
        "The section “Tone” has 20001 characters; 20000 fit. Give it headings.",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as no:
        read_guideline(content, "acme.md")
    assert str(no.value).startswith(sentence)


def test_another_zip_is_no_word_file() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    with pytest.raises(Refused, match="This is no Word file"):
        read_guideline(packed.getvalue(), "acme.docx")


@given(st.binary(max_size=200) | st.text(st.sampled_from("# \n=-ab*`|>"), max_size=80))
def test_any_bytes_are_sections_or_a_sentence(content: bytes | str) -> None:
    raw = content.encode() if isinstance(content, str) else content
    try:
        found = read_guideline(raw, "a.md").guideline
    except Refused:
        return
    assert found.sections
    assert found.checked().sections
