"""A post's life as it is told in the demo, and the beats it is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from postboard.demo.agency import Part
from postboard.demo.pictures import PICTURES
from postboard.domain.chains import Rule, Side
from postboard.domain.content import Media, Reason, Words
from postboard.domain.tasks import TaskAction
from postboard.domain.workflow import Action, Approval, ChangeTag, Policy, State, find_step


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody asked to be changed, and how it was answered."""

    text: str
    tags: tuple[ChangeTag, ...]
    before: str = ""
    after: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was expected when a post was assigned, and what became of it."""

    text: str
    day: int | None = None
    """It is due, counted from today; None is without a date."""
    hour: float = 17
    links: tuple[str, ...] = ()
    urgent: bool = False
    also: Part | None = None
    """Who else is to do it."""
    taken: bool = False
    """The holder took it on."""
    returned: str = ""
    """Why the other one sent it back."""

    def due(self, midnight: datetime) -> datetime | None:
        return None if self.day is None else midnight + timedelta(days=self.day, hours=self.hour)


@dataclass(frozen=True, slots=True)
class StageOf:
    """A stage of a chain; people by their keys of `CAST`."""

    side: Side
    name: str
    people: tuple[str, ...]
    rule: Rule = Rule.ANY
    due_hours: int | None = None


@dataclass(frozen=True, slots=True)
class OwnChain:
    """A post is approved by others than its client's posts usually are."""

    stages: tuple[StageOf, ...]
    reason: str
    yes: str = ""
    """Who of the stage it waits at has said yes."""


@dataclass(frozen=True, slots=True)
class Story:
    """One post: its first words, and how far it has come since."""

    caption: str
    state: State
    networks: tuple[str, ...]
    title: str = ""
    pictures: tuple[str, ...] = ()
    link: str = ""
    first_comment: str = ""
    campaign: str = ""
    day: int | None = None
    """Of publishing, counted from today; None is an idea without a date."""
    hour: float = 9
    """Of publishing, in the client's zone."""
    quiet_h: float = 20
    """Hours since the last beat, where the clock was not the last to act."""
    in_production: bool = True
    finished: bool = False
    holder: Part = Part.WRITER
    wish: Wish | None = None
    internal: tuple[Change, ...] = ()
    client: tuple[Change, ...] = ()
    chain: OwnChain | None = None
    planned_back: bool = False
    """Its account manager planned its steps as soon as it was there."""
    reason: str = ""
    waived: str = ""
    """Why what stops it by its guideline was let pass, as soon as it was there."""
    published_link: str = ""
    """It was published by hand, after the clock could not."""

    @property
    def words(self) -> Words:
        media = tuple(media_of(name) for name in self.pictures)
        return Words(self.caption, self.title, self.link, self.first_comment, self.networks, media)


@dataclass(frozen=True, slots=True)
class Beat:
    """One act of one person: a step, or new words."""

    part: Part
    what: Action | TaskAction | Words
    reason: Reason = field(default_factory=Reason)
    holder: Part | None = None
    link: str = ""
    who: str = ""
    """A key of `CAST`, where it is not whoever usually has the part."""


def media_of(picture: str) -> Media:
    return Media(f"/demo/{picture}.svg", PICTURES[picture])


def beats(story: Story, policy: Policy) -> list[Beat]:
    """All that happens after its creation, in order."""
    if story.published_link:
        ends = [
            Beat(Part.CLOCK, Action.FAIL, Reason(story.reason)),
            Beat(Part.ACCOUNT, Action.MARK_PUBLISHED, link=story.published_link),
        ]
        return [*_until(State.SCHEDULED, story, policy), *ends]
    if story.state not in _ENDS:
        joined = story.chain.yes if story.chain else ""
        part = Part.CLIENT if story.state is State.CLIENT_REVIEW else Part.CONTENT
        more = [Beat(part, Action.APPROVE, who=joined)] if joined else []
        return [*_until(story.state, story, policy), *more]
    before, part, action = _ENDS[story.state]
    return [*_until(before, story, policy), Beat(part, action, Reason(story.reason))]


_ENDS: Mapping[State, tuple[State, Part, Action]] = {
    State.ON_HOLD: (State.APPROVED, Part.CLIENT, Action.HOLD),
    State.PUBLISHED: (State.SCHEDULED, Part.CLOCK, Action.PUBLISH),
    State.PUBLISH_FAILED: (State.SCHEDULED, Part.CLOCK, Action.FAIL),
    State.CANCELLED: (State.DRAFT, Part.CONTENT, Action.CANCEL),
}
"""States off the straight way: the one before, and who brings it there."""


def _until(state: State, story: Story, policy: Policy) -> list[Beat]:
    """The straight way, cut where the post comes into `state` for the last time."""
    way = list(_way(story, policy))
    standing, kept = State.DRAFT, 0
    for number, beat in enumerate(way, start=1):
        if not isinstance(beat.what, Action):
            kept = number if isinstance(beat.what, TaskAction) and standing is state else kept
            continue
        step = find_step(standing, beat.what, policy)
        if step is None:
            raise ValueError(f"{beat.what} is not open from {standing}: {story.caption[:40]}")
        standing = step.next_state
        if standing is state:
            kept = number
    return way[:kept]


def _way(story: Story, policy: Policy) -> Iterator[Beat]:
    words = story.words
    if story.in_production:
        yield Beat(Part.CONTENT, Action.ASSIGN, holder=story.holder)
    if story.wish and story.wish.taken:
        yield Beat(story.holder, TaskAction.ACCEPT)
    if story.wish and story.wish.also and story.wish.returned:
        yield Beat(story.wish.also, TaskAction.SEND_BACK, Reason(story.wish.returned))
    # Whoever submits ends only their own task.
    if story.finished or (story.holder is not Part.WRITER and story.state is not State.DRAFT):
        yield Beat(story.holder, Action.FINISH)
    yield Beat(Part.WRITER, Action.SUBMIT)
    approver = Part.ART if story.pictures else Part.CONTENT
    for change in story.internal:
        words = _changed(words, change)
        judge = Part.ART if ChangeTag.IMAGE in change.tags else Part.CONTENT
        yield Beat(judge, Action.REQUEST_CHANGES, Reason(change.text, change.tags))
        yield _edit(change, words)
        yield Beat(Part.WRITER, Action.SUBMIT)
    yield Beat(approver, Action.APPROVE)
    if policy.approval is Approval.INTERNAL_AND_CLIENT:
        yield Beat(Part.ACCOUNT, Action.SEND_TO_CLIENT)
        for change in story.client:
            words = _changed(words, change)
            yield Beat(Part.CLIENT, Action.REQUEST_CHANGES, Reason(change.text, change.tags))
            yield _edit(change, words)
            yield Beat(Part.WRITER, Action.SUBMIT)
            if not policy.rework_goes_to_client:
                yield Beat(approver, Action.APPROVE)
                yield Beat(Part.ACCOUNT, Action.SEND_TO_CLIENT)
        yield Beat(Part.CLIENT, Action.APPROVE)
    yield Beat(Part.ACCOUNT, Action.SCHEDULE)


def _changed(words: Words, change: Change) -> Words:
    media = words.media
    if change.picture:
        media = (media_of(change.picture), *media[1:])
    return replace(words, caption=words.caption.replace(change.before, change.after), media=media)


def _edit(change: Change, words: Words) -> Beat:
    """By the designer where only the picture changed."""
    return Beat(Part.WRITER if change.before else Part.DESIGNER, words)
