"""What states, networks, fields and facts are called: for the pages and for what is printed."""

from collections.abc import Mapping
from typing import Final

from postboard.domain.content import Placement
from postboard.domain.guideline_rules import RuleKind
from postboard.domain.guidelines import Topic, Work
from postboard.domain.launch import Need
from postboard.domain.rules import Severity
from postboard.domain.tasks import TaskStatus
from postboard.domain.team import Deliverable, Department, Part
from postboard.domain.workflow import ChangeTag, State
from postboard.locale import N_

STATES: Final = {
    State.DRAFT: N_("Draft"),
    State.IN_PRODUCTION: N_("In production"),
    State.INTERNAL_REVIEW: N_("Internal review"),
    State.INTERNAL_REWORK: N_("Internal rework"),
    State.READY_FOR_CLIENT: N_("Ready for client"),
    State.CLIENT_REVIEW: N_("Client review"),
    State.CLIENT_REWORK: N_("Client rework"),
    State.APPROVED: N_("Approved"),
    State.ON_HOLD: N_("On hold"),
    State.SCHEDULED: N_("Scheduled"),
    State.PUBLISHED: N_("Published"),
    State.PUBLISH_FAILED: N_("Not published"),
    State.CANCELLED: N_("Cancelled"),
}

STATES_FOR_CLIENT: Final = {
    State.CLIENT_REVIEW: N_("To review"),
    # The agency's "rework" and "not published" are, from the client's chair, still under way.
    State.CLIENT_REWORK: N_("Being changed"),
    State.APPROVED: N_("Approved"),
    State.ON_HOLD: N_("On hold"),
    State.SCHEDULED: N_("Scheduled"),
    State.PUBLISH_FAILED: N_("Delayed"),
    State.PUBLISHED: N_("Published"),
}

TAGS: Final = {
    ChangeTag.COPY: N_("Copy"),
    ChangeTag.IMAGE: N_("Image"),
    ChangeTag.BRAND: N_("Brand"),
    ChangeTag.FACTS: N_("Facts"),
    ChangeTag.TIMING: N_("Timing"),
    ChangeTag.LEGAL: N_("Legal"),
    ChangeTag.OTHER: N_("Other"),
}

NETWORKS: Final[Mapping[str, str]] = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "x": "X",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "pinterest": "Pinterest",
    "threads": "Threads",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "google_business": "Google Business",
    "weibo": N_("Weibo"),
    "wechat": N_("WeChat"),
    "xiaohongshu": N_("Xiaohongshu"),
}

PLACEMENTS: Final = {
    Placement.FEED: N_("Feed"),
    Placement.STORY: N_("Story"),
    Placement.REEL: N_("Reel"),
    Placement.AD: N_("Ad"),
}

FIELDS: Final = {
    "caption": N_("Caption"),
    "title": N_("Title"),
    "link": N_("Link"),
    "first_comment": N_("First comment"),
    "networks": N_("Networks"),
    "placements": N_("Placements"),
    "media": N_("Media"),
    "variants": N_("Words per network"),
    "hashtags": N_("Hashtags"),
    "mentions": N_("Mentions"),
    "utm": N_("UTM parameters"),
}
"""As a heading."""

FIELDS_IN_A_SENTENCE: Final = {
    "caption": N_("the caption"),
    "title": N_("the title"),
    "link": N_("the link"),
    "first_comment": N_("the first comment"),
    "networks": N_("the networks"),
    "media": N_("the media"),
    "variants": N_("the words per network"),
    "hashtags": N_("the hashtags"),
    "mentions": N_("the mentions"),
    "utm": N_("the UTM parameters"),
}

EVENTS: Final = {
    "post.created": N_("{who} created the post"),
    "post.edited": N_("{who} changed the words"),
    "post.replanned": N_("{who} moved the date"),
    "post.planned_back": N_("{who} planned its steps"),
    "post.labelled": N_("{who} changed campaign or pillar"),
    "post.handed_over": N_("{who} handed it over"),
    "post.assign": N_("{who} assigned it"),
    "post.finish": N_("{who} marked it as ready"),
    "post.submit": N_("{who} submitted it for review"),
    "post.cancel": N_("{who} cancelled it"),
    "post.reopen": N_("{who} reopened it"),
    "post.revise": N_("{who} changed the words; it goes back to review"),
    "post.approve": N_("{who} approved it"),
    "post.decided": N_("{who} approved it; others are still asked"),
    "chain.changed": N_("{who} changed who approves it"),
    "post.request_changes": N_("{who} requested changes"),
    "post.seen": N_("{who} saw it"),
    "post.reconsider": N_("{who} took the decision back"),
    "post.send_to_client": N_("{who} sent it to the client"),
    "post.recall": N_("{who} took it back from the client"),
    "post.hold": N_("{who} put it on hold"),
    "post.release": N_("{who} released it"),
    "post.schedule": N_("{who} scheduled it"),
    "post.unschedule": N_("{who} took it off the schedule"),
    "post.publish": N_("{who} published it"),
    "post.fail": N_("Publishing failed"),
    "post.retry": N_("{who} put it back on the schedule"),
    "post.mark_published": N_("{who} marked it as published"),
    "post.task_assigned": N_("{who} gave out a task"),
    "post.task_changed": N_("{who} changed a task"),
    "post.task_accepted": N_("{who} accepted a task"),
    "post.task_done": N_("{who} finished a task"),
    "post.task_sent_back": N_("{who} sent a task back"),
    "post.task_withdrawn": N_("{who} withdrew a task"),
    "post.commented": N_("{who} commented"),
    "post.comment_edited": N_("{who} edited a comment"),
    "post.comment_deleted": N_("{who} deleted a comment"),
    "post.comment_restored": N_("{who} brought a comment back"),
    "post.comment_resolved": N_("{who} resolved a comment"),
    "post.comment_reopened": N_("{who} reopened a comment"),
    "post.check_waived": N_("{who} let a finding pass"),
    "post.waiver_withdrawn": N_("{who} no longer lets a finding pass"),
    "post.reminded": N_("{who} reminded a reviewer, as agreed"),
    "post.escalated": N_("{who} told that an answer is overdue, as agreed"),
    "post.silence": N_("{who} noted that no answer came in time"),
    "post.late_approval": N_("{who} noted that it was approved after its time"),
    "post.extra_round": N_("{who} began a round that is not included"),
    "post.last_round": N_("{who} began the last round that is included"),
}
"""Every fact of a post's life, as its history tells it."""

STANDING_IN: Final = N_("{who} for {others}")
"""Who decided, and who was away and had them stand in."""

CHANGED: Final = N_("{who} changed {fields}")
CHANGED_OFTEN: Final = N_("{who} changed {fields} ({n} times)")
REVISED: Final = N_("{who} changed {fields}; it goes back to review")
RESTORED: Final = N_("{who} brought revision {n} back")

FACTS: Final = {
    "state": N_("State"),
    "planned": N_("Planned"),
    "person": N_("Person"),
    "due": N_("Due"),
    "urgent": N_("Urgent"),
    "campaign": N_("Campaign"),
    "pillar": N_("Pillar"),
    "link": N_("Link"),
    "round": N_("Round"),
    "included": N_("Included"),
    "revision": N_("Revision"),
    "thread": N_("Thread"),
}
"""What an event tells beside its sentence."""

NEEDS: Final = {
    Need.CHANNELS: N_("Channels: the accounts that are posted to"),
    Need.TEAM: N_("Team: an account manager"),
    Need.CONTACTS: N_("Contacts: a reviewer who approves for the client"),
    Need.AGREEMENT: N_("Agreement: accepted by the client, and in force"),
    Need.GUIDELINE: N_("Guideline: published for the client"),
    Need.CHAIN: N_("Approval: somebody who can decide at every stage"),
    Need.PLAN: N_("Plan: the posts of the first month"),
}
"""What a client's plan of action asks for."""

TASK_STATUS: Final = {
    TaskStatus.OPEN: N_("Open"),
    TaskStatus.ACCEPTED: N_("Accepted"),
    TaskStatus.DONE: N_("Done"),
    TaskStatus.SENT_BACK: N_("Sent back"),
    TaskStatus.DROPPED: N_("Withdrawn"),
}

THREADS: Final = {"internal": N_("Internal"), "client": N_("With the client")}

TOPICS: Final = {
    Topic.BRAND: N_("Brand"),
    Topic.TONE: N_("Tone"),
    Topic.LENGTH: N_("Length of posts"),
    Topic.GRAPHICS: N_("Graphics"),
    Topic.LINKS: N_("Links and hashtags"),
    Topic.LEGAL: N_("Legal"),
    Topic.DEADLINES: N_("Deadlines"),
    Topic.RESPONSE: N_("Response times"),
    Topic.REPORT: N_("Report structure"),
    Topic.OTHER: N_("Other"),
}

WORKS: Final = {
    Work.WRITING: N_("Writing"),
    Work.PICTURES: N_("Pictures"),
    Work.PLANNING: N_("Planning"),
    Work.REVIEWING: N_("Reviewing"),
    Work.REPORTING: N_("Reporting"),
}

RULE_KINDS: Final = {
    RuleKind.LENGTH: N_("Length"),
    RuleKind.REQUIRED: N_("Has to say"),
    RuleKind.FORBIDDEN: N_("Must not say"),
    RuleKind.DISCLOSURE: N_("Disclosure"),
    RuleKind.EMOJI: N_("Emoji"),
    RuleKind.READING: N_("Easy to read"),
    RuleKind.TONE: N_("Tone words"),
    RuleKind.LINK: N_("Link and UTM"),
    RuleKind.IMAGE_RATIO: N_("Picture proportions"),
    RuleKind.IMAGE_SIZE: N_("Picture size"),
    RuleKind.ALT: N_("Alternative text"),
    RuleKind.HOURS: N_("Posting hours"),
    RuleKind.LEAD: N_("Lead time"),
}

RULE_PHRASES: Final = {
    "min": N_("{value} characters or more"),
    "max": N_("{value} characters at most"),
    "emoji.max": N_("{value} at most"),
    "within": N_("within the first {value} characters"),
    "lix": N_("LIX {value} at most"),
    "sentence": N_("{value} Chinese characters a sentence at most"),
    "hosts": N_("leads to {value}"),
    "utm": N_("with {value}"),
    "width": N_("{value} pixels wide at least"),
    "height": N_("{value} pixels high at least"),
    "megabytes": N_("{value} MB at most"),
    "from": N_("from {value}"),
    "until": N_("until {value}"),
    "hours": N_("{value} hours ahead at least"),
}
"""How a rule is read, by the field or by kind and field; what is not here is said alone."""

SEVERITIES: Final = {Severity.BLOCKS: N_("Stops the post"), Severity.WARNS: N_("Warns")}

RULE_CHOICES: Final[Mapping[str, str]] = {
    "all": N_("All"),
    "one": N_("One is enough"),
    "ads": N_("Ads only"),
    "free": N_("As it comes"),
    "required": N_("Required"),
    "refused": N_("None"),
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}
"""What the choices of a rule's form are called; a UTM parameter is called by its name."""

DELIVERABLES: Final = {
    Deliverable.PLAN: N_("Content plan"),
    Deliverable.COPY: N_("Copy"),
    Deliverable.GRAPHICS: N_("Graphics"),
    Deliverable.PHOTOS: N_("Photos"),
    Deliverable.CAROUSEL: N_("Carousels"),
    Deliverable.REEL: N_("Reels and videos"),
    Deliverable.REEL_COVER: N_("Reel covers"),
    Deliverable.STORY: N_("Stories"),
    Deliverable.APPROVAL: N_("Internal approval"),
    Deliverable.SCHEDULING: N_("Scheduling"),
    Deliverable.COMMUNITY: N_("Comments and messages"),
    Deliverable.ADS: N_("Paid posts"),
    Deliverable.REPORT: N_("Reports"),
    Deliverable.AGREEMENT: N_("Agreement"),
    Deliverable.INVOICE: N_("Invoices"),
}

DEPARTMENTS: Final = {
    Department.ACCOUNTS: N_("Accounts"),
    Department.CONTENT: N_("Content"),
    Department.COPY: N_("Copywriting"),
    Department.DESIGN: N_("Design"),
}

PARTS: Final = {
    Part.RESPONSIBLE: N_("Responsible"),
    Part.ACCOUNTABLE: N_("Accountable"),
    Part.CONSULTED: N_("Consulted"),
    Part.INFORMED: N_("Informed"),
}
