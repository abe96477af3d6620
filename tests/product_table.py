"""The workflow as the product's description has it, written out by hand and not from the code."""

from postboard.domain.workflow import Approval, Policy

BOTH = Policy()
BOTH_STRAIGHT_BACK = Policy(rework_goes_to_client=True)
AGENCY_ONLY = Policy(Approval.INTERNAL_ONLY)
AGENCY_ONLY_STRAIGHT_BACK = Policy(Approval.INTERNAL_ONLY, rework_goes_to_client=True)
CLIENT_ONLY = Policy(Approval.CLIENT_ONLY)
CLIENT_ONLY_STRAIGHT_BACK = Policy(Approval.CLIENT_ONLY, rework_goes_to_client=True)
NOBODY = Policy(Approval.NOBODY)
NOBODY_STRAIGHT_BACK = Policy(Approval.NOBODY, rework_goes_to_client=True)
POLICIES = (
    BOTH,
    BOTH_STRAIGHT_BACK,
    AGENCY_ONLY,
    AGENCY_ONLY_STRAIGHT_BACK,
    CLIENT_ONLY,
    CLIENT_ONLY_STRAIGHT_BACK,
    NOBODY,
    NOBODY_STRAIGHT_BACK,
)

LEADS = {"admin", "manager"}
OWNERS = LEADS | {"account_manager"}
PLANNERS = OWNERS | {"content_manager"}
WRITERS = PLANNERS | {"copywriter"}
JUDGES = LEADS | {"content_manager", "art_director"}
STAFF = WRITERS | {"designer", "art_director"}
CLIENT = {"client_reviewer"}

TABLE: dict[tuple[str, str], tuple[str, set[str]]] = {
    ("draft", "assign"): ("in_production", PLANNERS),
    ("draft", "submit"): ("by policy", WRITERS),
    ("draft", "cancel"): ("cancelled", PLANNERS),
    ("in_production", "finish"): ("draft", STAFF),
    ("in_production", "submit"): ("by policy", WRITERS),
    ("internal_review", "approve"): ("by policy", JUDGES),
    ("internal_review", "request_changes"): ("internal_rework", JUDGES),
    ("internal_rework", "submit"): ("by policy", WRITERS),
    ("ready_for_client", "send_to_client"): ("client_review", OWNERS),
    ("client_review", "approve"): ("approved", CLIENT),
    ("client_review", "request_changes"): ("client_rework", CLIENT),
    ("client_review", "recall"): ("ready_for_client", OWNERS),
    ("client_rework", "submit"): ("by policy", WRITERS),
    ("approved", "schedule"): ("scheduled", OWNERS),
    ("approved", "hold"): ("on_hold", OWNERS | CLIENT),
    ("on_hold", "release"): ("approved", OWNERS | CLIENT),
    ("scheduled", "unschedule"): ("approved", OWNERS),
    ("publish_failed", "retry"): ("scheduled", OWNERS),
    ("publish_failed", "mark_published"): ("published", OWNERS),
    ("cancelled", "reopen"): ("draft", PLANNERS),
}
FIRST_ASKED = {
    BOTH: "internal_review",
    BOTH_STRAIGHT_BACK: "internal_review",
    AGENCY_ONLY: "internal_review",
    AGENCY_ONLY_STRAIGHT_BACK: "internal_review",
    CLIENT_ONLY: "ready_for_client",
    CLIENT_ONLY_STRAIGHT_BACK: "ready_for_client",
    NOBODY: "approved",
    NOBODY_STRAIGHT_BACK: "approved",
}
BY_POLICY = {
    ("draft", "submit"): FIRST_ASKED,
    ("in_production", "submit"): FIRST_ASKED,
    ("internal_rework", "submit"): FIRST_ASKED,
    ("internal_review", "approve"): {
        BOTH: "ready_for_client",
        BOTH_STRAIGHT_BACK: "ready_for_client",
        AGENCY_ONLY: "approved",
        AGENCY_ONLY_STRAIGHT_BACK: "approved",
        CLIENT_ONLY: "ready_for_client",
        CLIENT_ONLY_STRAIGHT_BACK: "ready_for_client",
        NOBODY: "approved",
        NOBODY_STRAIGHT_BACK: "approved",
    },
    ("client_rework", "submit"): FIRST_ASKED
    | {BOTH_STRAIGHT_BACK: "client_review", CLIENT_ONLY_STRAIGHT_BACK: "client_review"},
    ("internal_review", "revise"): FIRST_ASKED,
    ("ready_for_client", "revise"): FIRST_ASKED,
    ("approved", "revise"): FIRST_ASKED,
    ("on_hold", "revise"): FIRST_ASKED | {NOBODY: "on_hold", NOBODY_STRAIGHT_BACK: "on_hold"},
    ("scheduled", "revise"): FIRST_ASKED,
    ("publish_failed", "revise"): FIRST_ASKED,
}
NOT_BY_HAND = {
    ("scheduled", "publish"): "published",
    ("scheduled", "fail"): "publish_failed",
    ("approved", "reconsider"): "client_review",
    ("client_rework", "reconsider"): "client_review",
}
REVISED = {key for key in BY_POLICY if key[1] == "revise"}
CLIENT_SEES = {
    "client_review",
    "client_rework",
    "approved",
    "on_hold",
    "scheduled",
    "published",
    "publish_failed",
}
COLUMN_OF = {
    "internal_rework": "rework",
    "client_rework": "rework",
    "on_hold": "approved",
    "publish_failed": "scheduled",
}


def next_state(state: str, action: str, policy: Policy) -> str:
    by_policy = BY_POLICY.get((state, action))
    return by_policy[policy] if by_policy else TABLE[state, action][0]
