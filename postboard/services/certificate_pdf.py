"""An approval's certificate as pages, which carry the signed JSON as an attachment."""

from collections.abc import Iterator, Mapping
from functools import partial
from io import BytesIO
from typing import Any, Final
from zoneinfo import ZoneInfo

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Spacer

from postboard import names
from postboard.domain.content import Words, words_from_json
from postboard.locale import Language, text
from postboard.services.page_setting import PageWriter, document, write_foot
from postboard.services.record_type import register_fonts
from postboard.services.sealing import Signer, sealed, sealed_pdf

ATTACHED: Final = "certificate.json"


def render(certificate: Mapping[str, Any], signer: Signer, language: Language) -> bytes:
    """The sealed pages; `language` is that of everything but the post's own words."""
    register_fonts()
    attached, pages = sealed(certificate, signer), BytesIO()
    made = document(
        pages,
        title=certificate["post"]["key"],
        author=certificate["client"]["name"],
        subject=text(language).gettext("Certificate of approval"),
        language=language,
        invariant=1,  # the same certificate is the same file
    )
    number = partial(_number, certificate["post"]["key"])
    story = [*_Writer(certificate, signer.public.fingerprint, language).story()]
    made.build(
        story,
        onFirstPage=number,
        onLaterPages=number,
        canvasmaker=partial(_Carrier, attached),
    )
    return sealed_pdf(pages.getvalue(), attached, signer)


class _Carrier(Canvas):
    """Pages with a file inside."""

    def __init__(self, attached: bytes, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)  # pyright: ignore[reportUnknownMemberType]
        pdf: Any = pdfdoc
        array, dictionary, name, string = (
            pdf.PDFArray,
            pdf.PDFDictionary,
            pdf.PDFName,
            pdf.PDFString,
        )
        document: Any = getattr(self, "_doc")  # noqa: B009 - reportlab does not declare it
        about = dictionary({"Type": name("EmbeddedFile"), "Subtype": "/application#2Fjson"})
        content = document.Reference(pdf.PDFStream(about, attached, filters=[]))
        file = dictionary(
            {
                "Type": name("Filespec"),
                "F": string(ATTACHED),
                "UF": string(ATTACHED),
                "AFRelationship": name("Data"),
                "EF": dictionary({"F": content}),
            }
        )
        listed = dictionary({"Names": array([string(ATTACHED), document.Reference(file)])})
        document.Catalog.Names = dictionary({"EmbeddedFiles": listed})


def _number(key: str, canvas: Any, made: Any) -> None:
    write_foot(canvas, f"{key} · {made.page}")


class _Writer(PageWriter):
    def __init__(
        self, certificate: Mapping[str, Any], fingerprint: str, language: Language
    ) -> None:
        super().__init__(language, ZoneInfo(certificate["client"]["zone"]))
        self._said, self._fingerprint = certificate, fingerprint

    def story(self) -> Iterator[Flowable]:
        yield from self._head()
        yield from self._decisions()
        yield from self._words(words_from_json(self._said["revision"]["words"]))
        yield from self._media()
        yield from self._chain()
        yield from self._seal()
        if self._lacking:
            note = self._text.gettext(
                "Signs that the fonts of this file lack stand as □;"
                " the attached certificate.json has them all."
            )
            yield Spacer(0, 3 * mm)
            yield self._lines(note, "quiet")

    def _head(self) -> Iterator[Flowable]:
        t, said = self._text, self._said
        key, revision = said["post"]["key"], said["revision"]["number"]
        yield self._lines(f"{said['client']['name']} · {key}", "quiet")
        yield self._lines(t.gettext("Certificate of approval"), "title")
        yield Spacer(0, 3 * mm)
        certified = t.gettext(
            "{who} approved revision {n} of {post} on {when}.",
            who=self._who(said["approval"]),
            n=revision,
            post=key,
            when=self._when(said["approval"]["at"]),
        )
        yield self._lines(certified, "body")
        yield self._lines(t.gettext("It certifies revision {n} and no other.", n=revision), "body")
        zone = t.gettext("Times are those of {zone}.", zone=said["client"]["zone"])
        yield self._lines(zone, "quiet")

    def _decisions(self) -> Iterator[Flowable]:
        t = self._text
        yield from self._heading(t.gettext("Decisions"))
        sides = {"client": t.gettext("for the client"), "agency": t.gettext("for the agency")}
        for one in self._said["decisions"]:
            yield self._lines(t.gettext(names.EVENTS["post.approve"], who=self._who(one)), "body")
            parts = [one["stage"], sides[one["side"]], self._when(one["at"])]
            yield self._lines(" · ".join(part for part in parts if part), "quiet")
            if one["term"]:
                why = t.gettext(
                    "The clock approved: no answer came in time, and the agreement (version {n})"
                    " takes silence for consent.",
                    n=one["agreement"],
                )
                yield self._lines(why, "quiet")
            if one["request"]:
                yield self._lines(t.gettext("Request {id}", id=one["request"]), "quiet")
            yield Spacer(0, 2 * mm)

    def _words(self, words: Words) -> Iterator[Flowable]:
        t = self._text
        yield from self._heading(t.gettext("What was approved"))
        fields = {
            "title": words.title,
            "caption": words.caption,
            "link": words.link,
            "first_comment": words.first_comment,
            "hashtags": " ".join(f"#{tag}" for tag in words.hashtags),
            "mentions": " ".join(f"@{name}" for name in words.mentions),
            "networks": " · ".join(t.gettext(names.NETWORKS[one]) for one in words.networks),
        }
        for name, value in fields.items():
            yield from self._field(t.gettext(names.FIELDS[name]), value)
        for variant in words.variants:
            network = t.gettext(names.NETWORKS[variant.network])
            for name in ("title", "caption", "first_comment"):
                own: str | None = getattr(variant, name)
                yield from self._field(f"{network} · {t.gettext(names.FIELDS[name])}", own or "")
        yield self._lines(f"SHA-256 {self._said['revision']['words_digest']}", "quiet")

    def _media(self) -> Iterator[Flowable]:
        media = self._said["revision"]["media"]
        if media:
            yield from self._heading(self._text.gettext(names.FIELDS["media"]))
        for one, shown in zip(media, self._said["revision"]["words"]["media"], strict=True):
            if shown["alt"]:
                yield self._lines(shown["alt"], "body")
            known = f"SHA-256 {one['digest']}" if one["digest"] else one["url"]
            yield self._lines(" · ".join(part for part in (one["type"], known) if part), "quiet")
            yield Spacer(0, 2 * mm)

    def _chain(self) -> Iterator[Flowable]:
        yield from self._heading(self._text.gettext("Record"))
        for number, digest in enumerate(self._said["chain"]["digests"], 1):
            yield self._lines(f"{number} · {digest}", "quiet")

    def _seal(self) -> Iterator[Flowable]:
        t = self._text
        yield from self._heading(t.gettext("Signature"))
        yield self._lines(t.gettext("Signed with the key of this fingerprint:"), "body")
        yield self._lines(f"SHA-256 {self._fingerprint}", "quiet")
        how = t.gettext(
            "The attached certificate.json holds all of this word for word. The command"
            " “{command}” checks this file without a server and names what was changed.",
            command="postboard verify-certificate",
        )
        yield self._lines(how, "body")

    def _who(self, decision: Mapping[str, Any]) -> str:
        others = ", ".join(decision["stood_in_for"])
        who = decision["by"]
        return self._text.gettext(names.STANDING_IN, who=who, others=others) if others else who
