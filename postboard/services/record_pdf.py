"""A post's record as pages to print, file or send: A4, in either language."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from io import BytesIO
from typing import Any, Final
from zoneinfo import ZoneInfo

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    Spacer,
    Table,
)

from postboard import names
from postboard.db.queries.history import Fact, Line
from postboard.domain.content import Media, MediaKind, Placement, Words, words_from_json
from postboard.locale import Language, text
from postboard.services.page_setting import WIDTH, PageWriter, document, numbered
from postboard.services.record_type import register_fonts
from postboard.services.records import CommentPart, Record, RevisionPart, TaskPart

Picture = Callable[[Media], bytes | None]
"""A small picture of what a post shows, as a file that Pillow reads."""

_THUMB: Final = 42 * mm


def render(record: Record, lines: Collection[Line], language: Language, picture: Picture) -> bytes:
    """The pages.

    Args:
        record: the post with all that belongs to it.
        lines: its timeline, the newest first.
        language: of everything that is not the post's own words.
        picture: asked for each file shown; without a picture its name and digest stand alone.
    """
    register_fonts()
    writer = _Writer(language, ZoneInfo(record.client.zone), picture)
    pages = BytesIO()
    made = document(
        pages,
        title=record.post.key,
        author=record.client.name,
        subject=text(language).gettext("Record of a post"),
        language=language,
    )
    made.build(writer.story(record, lines), canvasmaker=numbered(record.post.key))
    return pages.getvalue()


class _Writer(PageWriter):
    def __init__(self, language: Language, zone: ZoneInfo, picture: Picture) -> None:
        super().__init__(language, zone)
        self._picture = picture

    def story(self, record: Record, lines: Collection[Line]) -> list[Flowable]:
        current = next(one for one in record.revisions if one.number == record.post.revision)
        words = words_from_json(current.words)
        parts = [
            *self._head(record, words),
            *self._words(words),
            *self._media(words.media),
            *self._revisions(record, lines),
            *self._decisions(record),
            *self._tasks(record.tasks),
            *self._comments(record.comments),
            *self._timeline(lines),
        ]
        if self._lacking:
            note = self._text.gettext(
                "Signs that the fonts of this file lack stand as □; the JSON record has them all."
            )
            parts += [Spacer(0, 6 * mm), self._lines(note, "quiet")]
        return parts

    def _head(self, record: Record, words: Words) -> Iterator[Flowable]:
        post, client = record.post, record.client
        yield self._lines(f"{client.name} · {post.key}", "quiet")
        first_line = next(iter(words.caption.splitlines()), "")
        yield self._lines(words.title or first_line[:120] or post.key, "title")
        yield Spacer(0, 3 * mm)
        t = self._text
        rounds = f"{post.rounds}/{client.rounds_included}"
        facts = [
            (t.gettext("State"), self._label(names.STATES, post.state)),
            (t.gettext("Planned"), self._when(post.planned_at)),
            (t.gettext("Holds it"), post.assignee or ""),
            (t.gettext("Campaign"), post.campaign or ""),
            (t.gettext("Pillar"), post.pillar or ""),
            (t.gettext("Networks"), self._networks(words)),
            (t.gettext("Revision"), str(post.revision)),
            (t.gettext("Round"), rounds if post.rounds else ""),
            (t.gettext("Published at"), post.published_link or ""),
        ]
        yield self._facts((name, value) for name, value in facts if value)
        taken = t.gettext(
            "Written out by {who} on {when}. Times are those of {zone}.",
            who=record.exported_by,
            when=self._when(record.exported_at),
            zone=client.zone,
        )
        yield Spacer(0, 2 * mm)
        yield self._lines(taken, "quiet")

    def _words(self, words: Words) -> Iterator[Flowable]:
        yield from self._heading(self._text.gettext("The words as they stand"))
        for name, value in (
            ("title", words.title),
            ("caption", words.caption),
            ("link", words.link),
            ("first_comment", words.first_comment),
            ("hashtags", " ".join(f"#{tag}" for tag in words.hashtags)),
            ("mentions", " ".join(f"@{name}" for name in words.mentions)),
        ):
            yield from self._field(self._label(names.FIELDS, name), value)
        if words.link and words.networks:
            network = words.networks[0]
            linked = words.link_on(network)
            if linked != words.link:
                yield from self._field(self._label(names.FIELDS, "utm"), linked)
        for variant in words.variants:
            network = self._label(names.NETWORKS, variant.network)
            for name in ("title", "caption", "first_comment"):
                own: str | None = getattr(variant, name)
                if own is not None:
                    yield from self._field(f"{network} · {self._label(names.FIELDS, name)}", own)
            if variant.placements != (Placement.FEED,):
                places = self._list(
                    self._label(names.PLACEMENTS, place) for place in variant.placements
                )
                heading = f"{network} · {self._label(names.FIELDS, 'placements')}"
                yield from self._field(heading, places)

    def _media(self, media: Iterable[Media]) -> Iterator[Flowable]:
        for number, one in enumerate(media, 1):
            if number == 1:
                yield from self._heading(self._label(names.FIELDS, "media"))
            picture = self._thumb(one)
            if picture:
                yield picture
                yield Spacer(0, 1.5 * mm)
            yield from self._about(one)
            yield Spacer(0, 3 * mm)

    def _thumb(self, media: Media) -> Flowable | None:
        stored = self._picture(media)
        if stored is None:
            return None
        try:
            width, height = ImageReader(BytesIO(stored)).getSize()
        except OSError:  # no picture after all: the digest stands for it
            return None
        scale = min(_THUMB / width, _THUMB / height)
        return Image(BytesIO(stored), width * scale, height * scale, hAlign="LEFT")

    def _about(self, media: Media) -> Iterator[Flowable]:
        t = self._text
        yield self._lines(media.alt or t.gettext("No alternative text"), "body")
        size = f"{media.width} × {media.height}" if media.width else ""
        seconds = f"{media.duration_ms / 1000:.1f} s" if media.kind is MediaKind.VIDEO else ""
        facts = " · ".join(fact for fact in (media.type, size, seconds) if fact)
        for fact in (facts, f"SHA-256 {media.digest}" if media.digest else media.url):
            yield self._lines(fact, "quiet")

    def _revisions(self, record: Record, lines: Iterable[Line]) -> Iterator[Flowable]:
        yield from self._heading(self._text.gettext("Revisions"))
        changed: dict[int, list[str]] = {}
        for line in lines:
            changed.setdefault(line.revision, []).extend(line.fields)
        for revision in reversed(record.revisions):
            yield from self._revision(revision, changed.get(revision.number, []))

    def _revision(self, revision: RevisionPart, changed: Collection[str]) -> Iterator[Flowable]:
        t = self._text
        name = t.gettext("Revision {n}", n=revision.number)
        facts = [revision.written_by or "", self._when(revision.written_at)]
        if revision.frozen_at:
            facts.append(t.gettext("submitted {when}", when=self._when(revision.frozen_at)))
        if revision.planned_at:
            facts.append(t.gettext("planned for {when}", when=self._when(revision.planned_at)))
        fields = [label for field, label in names.FIELDS.items() if field in changed]
        told = t.gettext("Changed: {fields}", fields=self._list(map(t.gettext, fields)))
        about = " · ".join(fact for fact in facts if fact)
        yield from self._entry(name, about, [told] if fields else [])

    def _decisions(self, record: Record) -> Iterator[Flowable]:
        if not record.decisions:
            return
        t = self._text
        yield from self._heading(t.gettext("Decisions"))
        for decision in record.decisions:
            sentence = names.EVENTS[f"post.{decision.action}"]
            about = t.gettext("Revision {n}", n=decision.revision)
            yield from self._entry(
                t.gettext(sentence, who=self._who(decision.by, decision.stood_in_for)),
                f"{about} · {self._when(decision.at)}",
                [self._reason(decision.reason, decision.tags)],
            )

    def _who(self, who: str, others: list[str]) -> str:
        if not others:
            return who
        return self._text.gettext(names.STANDING_IN, who=who, others=self._list(others))

    def _tasks(self, tasks: Iterable[TaskPart]) -> Iterator[Flowable]:
        if not (tasks := [*tasks]):
            return
        t = self._text
        yield from self._heading(t.gettext("Tasks"))
        for task in tasks:
            facts = [self._label(names.TASK_STATUS, task.status), self._when(task.created_at)]
            if task.due_at:
                facts.append(t.gettext("due {when}", when=self._when(task.due_at)))
            yield from self._entry(
                task.assignee or "", " · ".join(facts), [task.instructions, task.reason]
            )

    def _comments(self, comments: Iterable[CommentPart]) -> Iterator[Flowable]:
        for thread, name in names.THREADS.items():
            said = [one for one in comments if one.thread == thread]
            if said:
                t = self._text
                yield from self._heading(f"{t.gettext('Conversation')} · {t.gettext(name)}")
            for comment in said:
                yield from self._comment(comment)

    def _comment(self, comment: CommentPart) -> Iterator[Flowable]:
        t = self._text
        facts = [t.gettext("Revision {n}", n=comment.revision), self._when(comment.created_at)]
        if comment.edited_at:
            facts.append(t.gettext("edited {when}", when=self._when(comment.edited_at)))
        if comment.resolved_at:
            facts.append(t.gettext("resolved by {who}", who=comment.resolved_by))
        if comment.deleted_at:
            facts.append(t.gettext("deleted {when}", when=self._when(comment.deleted_at)))
        yield from self._entry(comment.author, " · ".join(facts), [comment.text])

    def _timeline(self, lines: Iterable[Line]) -> Iterator[Flowable]:
        yield from self._heading(self._text.gettext("History"))
        for line in lines:
            told = [self._reason(line.reason, line.tags), self._told(line.facts)]
            yield from self._entry(self._sentence(line), self._when(line.at), told)

    def _sentence(self, line: Line) -> str:
        t = self._text
        if line.restored_from:
            return t.gettext(names.RESTORED, who=line.who, n=line.restored_from)
        fields = self._list(self._label(names.FIELDS_IN_A_SENTENCE, field) for field in line.fields)
        if not fields:
            sentence = names.EVENTS[line.kind]
            return t.gettext(sentence, who=self._who(line.who, line.stood_in_for))
        if line.kind == "post.revise":
            return t.gettext(names.REVISED, who=line.who, fields=fields)
        if line.times > 1:
            return t.gettext(names.CHANGED_OFTEN, who=line.who, fields=fields, n=line.times)
        return t.gettext(names.CHANGED, who=line.who, fields=fields)

    def _reason(self, reason: str, tags: Iterable[str]) -> str:
        labels = " · ".join(self._label(names.TAGS, tag) for tag in tags)
        return "\n".join(part for part in (labels, reason) if part)

    def _told(self, facts: Iterable[Fact]) -> str:
        return " · ".join(self._fact(fact) for fact in facts)

    def _fact(self, fact: Fact) -> str:
        name = self._label(names.FACTS, fact.name)
        if fact.kind == "yes":
            return name
        read = {
            "state": partial(self._label, names.STATES),
            "thread": partial(self._label, names.THREADS),
            "time": self._when,
        }.get(fact.kind, str)
        values = [read(value) for value in (fact.before, fact.after) if value]
        return f"{name}: {' → '.join(values) or '–'}"

    def _networks(self, words: Words) -> str:
        return self._list(self._label(names.NETWORKS, one) for one in words.networks)

    def _label(self, table: Mapping[Any, str], key: str) -> str:
        label = table.get(key, key)
        return self._text.gettext(label)

    def _list(self, parts: Iterable[str]) -> str:
        from babel.lists import format_list

        locale = "en" if self._text.language == "en" else "zh_Hans_CN"
        return format_list([*parts], "standard", locale)

    def _entry(self, what: str, about: str, more: Iterable[str]) -> Iterator[Flowable]:
        """A line of a list, its time below, then what it says more at length."""
        yield KeepTogether([self._lines(what, "body"), self._lines(about, "quiet")])
        for text_ in more:
            if text_:
                yield self._lines(text_, "said")
        yield Spacer(0, 2 * mm)

    def _facts(self, facts: Iterable[tuple[str, str]]) -> Flowable:
        rows = [[self._lines(name, "quiet"), self._lines(value, "body")] for name, value in facts]
        table = Table(rows, [32 * mm, WIDTH - 32 * mm], hAlign="LEFT")
        table.setStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
        return table
