"""What states, steps, roles and networks are called; the words of the domain's own names."""

from typing import Final

from postboard import names
from postboard.domain.agreement import Channel, LateApproval, Silence
from postboard.domain.ideas import IdeaState
from postboard.domain.launch import Gate
from postboard.domain.permissions import Role
from postboard.domain.planning import LeadStep, PostKind
from postboard.domain.workflow import Action, Approval, Column
from postboard.locale import N_

STATES: Final = names.STATES

COLUMNS: Final = {
    Column.DRAFT: N_("Draft"),
    Column.IN_PRODUCTION: N_("In production"),
    Column.INTERNAL_REVIEW: N_("Internal review"),
    Column.REWORK: N_("Rework"),
    Column.READY_FOR_CLIENT: N_("Ready for client"),
    Column.CLIENT_REVIEW: N_("Client review"),
    Column.APPROVED: N_("Approved"),
    Column.SCHEDULED: N_("Scheduled"),
    Column.PUBLISHED: N_("Published"),
    Column.CANCELLED: N_("Cancelled"),
}

IDEAS: Final = {
    IdeaState.NEW: N_("New"),
    IdeaState.TAKEN_UP: N_("Taken up"),
    IdeaState.DECLINED: N_("Declined"),
}

ACTIONS: Final = {
    Action.ASSIGN: N_("Assign"),
    Action.FINISH: N_("Mark as ready"),
    Action.SUBMIT: N_("Submit for review"),
    Action.CANCEL: N_("Cancel the post"),
    Action.REOPEN: N_("Reopen"),
    Action.REVISE: N_("Change the words"),
    Action.APPROVE: N_("Approve"),
    Action.REQUEST_CHANGES: N_("Request changes"),
    Action.RECONSIDER: N_("Take the decision back"),
    Action.SEND_TO_CLIENT: N_("Send to client"),
    Action.RECALL: N_("Take back"),
    Action.HOLD: N_("Hold"),
    Action.RELEASE: N_("Release"),
    Action.SCHEDULE: N_("Schedule"),
    Action.UNSCHEDULE: N_("Unschedule"),
    Action.PUBLISH: N_("Publish"),
    Action.FAIL: N_("Publishing failed"),
    Action.RETRY: N_("Try again"),
    Action.MARK_PUBLISHED: N_("Mark as published"),
}

DOES: Final = {
    Action.ASSIGN: N_("Somebody gets a task; the post goes into production."),
    Action.FINISH: N_("The work is done: the post is a draft again, ready to submit."),
    Action.SUBMIT: N_("Freezes these words and asks for review."),
    Action.CANCEL: N_("Takes it off the board. It can be reopened."),
    Action.REOPEN: N_("It is a draft again."),
    Action.APPROVE: N_("Says yes to exactly these words and pictures."),
    Action.REQUEST_CHANGES: N_("Sends it back with what to change."),
    Action.SEND_TO_CLIENT: N_("The client is asked and sees it from now on."),
    Action.RECALL: N_("Then the client is asked no more."),
    Action.HOLD: N_("Keeps it from being published until it is released."),
    Action.RELEASE: N_("It counts as approved again."),
    Action.SCHEDULE: N_("It goes out at its planned time."),
    Action.UNSCHEDULE: N_("It stays approved and does not go out."),
    Action.RETRY: N_("It goes out at its planned time after all."),
    Action.MARK_PUBLISHED: N_("Somebody published it by hand: paste its link."),
}
"""What a step will do, under its button."""

TAGS: Final = names.TAGS

ROLES: Final = {
    Role.ADMIN: N_("Admin"),
    Role.MANAGER: N_("Manager"),
    Role.ACCOUNT_MANAGER: N_("Account manager"),
    Role.CONTENT_MANAGER: N_("Content manager"),
    Role.COPYWRITER: N_("Copywriter"),
    Role.DESIGNER: N_("Designer"),
    Role.ART_DIRECTOR: N_("Art director"),
    Role.CLIENT_REVIEWER: N_("Client reviewer"),
    Role.CLIENT_VIEWER: N_("Client viewer"),
}

APPROVALS: Final = {
    Approval.INTERNAL_AND_CLIENT: N_("Internal, then the client"),
    Approval.INTERNAL_ONLY: N_("Internal only"),
    Approval.CLIENT_ONLY: N_("The client only"),
    Approval.NOBODY: N_("Nobody"),
}

NETWORKS: Final = names.NETWORKS
SILENCES: Final = {
    Silence.REMIND_AND_ESCALATE: N_("Remind, then tell account managers and managers"),
    Silence.HOLD: N_("Wait; nobody is reminded any more"),
    Silence.NEXT_FREE_DAY: N_("Remind, and move the post to the next free day when its time comes"),
    Silence.CONSENT: N_("Silence is consent: the revision shown is approved"),
}
LATE_APPROVALS: Final = {
    LateApproval.REMIND: N_("Ask account managers for another time"),
    LateApproval.HOLD: N_("Put it on hold"),
    LateApproval.NEXT_FREE_DAY: N_("Move it to the next free day"),
    LateApproval.PUBLISH_AT_ONCE: N_("Schedule it at once"),
}
GATES: Final = {
    Gate.OFF: N_("Nothing is kept back"),
    Gate.SOFT: N_("The whole plan of action, or a reason on record"),
    Gate.HARD: N_("The whole plan of action"),
}
CHANNELS: Final = {
    Channel.EMAIL: N_("By e-mail and under My work"),
    Channel.BOARD: N_("Under My work only"),
}
WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)

LEAD_STEPS: Final = {
    LeadStep.COPY: N_("Words"),
    LeadStep.DESIGN: N_("Design"),
    LeadStep.INTERNAL_REVIEW: N_("Internal review"),
    LeadStep.REWORK: N_("Rework"),
    LeadStep.CLIENT_REVIEW: N_("Client review"),
    LeadStep.BUFFER: N_("Buffer before publishing"),
}
POST_KINDS: Final = {
    PostKind.TEXT: N_("Words only"),
    PostKind.IMAGE: N_("With pictures"),
    PostKind.VIDEO: N_("With video"),
}
