"""Who may do what: one table, role -> permissions, and the actor it is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class Role(StrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    ACCOUNT_MANAGER = "account_manager"
    CONTENT_MANAGER = "content_manager"
    COPYWRITER = "copywriter"
    DESIGNER = "designer"
    ART_DIRECTOR = "art_director"
    CLIENT_REVIEWER = "client_reviewer"
    CLIENT_VIEWER = "client_viewer"


class Permission(StrEnum):
    SEE_ALL_STATES = "see_all_states"
    SEE_CLIENT_STATES = "see_client_states"
    CREATE_POST = "create_post"
    EDIT_WORDS = "edit_words"
    EDIT_MEDIA = "edit_media"
    EDIT_PLAN = "edit_plan"
    ASSIGN = "assign"
    FINISH_TASK = "finish_task"
    SUBMIT = "submit"
    CANCEL = "cancel"
    APPROVE_INTERNALLY = "approve_internally"
    SEND_TO_CLIENT = "send_to_client"
    DECIDE_AS_CLIENT = "decide_as_client"
    HOLD = "hold"
    ADD_IDEA = "add_idea"
    SCHEDULE = "schedule"
    PUBLISH = "publish"
    IMPORT_PLAN = "import_plan"
    IMPORT_METRICS = "import_metrics"
    SEE_PERFORMANCE = "see_performance"
    WAIVE_CHECK = "waive_check"
    COMMENT_INTERNALLY = "comment_internally"
    COMMENT_TO_CLIENT = "comment_to_client"
    WRITE_GUIDELINE = "write_guideline"
    MANAGE_CLIENT = "manage_client"
    SEE_AGREEMENT = "see_agreement"
    ACCEPT_AGREEMENT = "accept_agreement"
    SET_GATE = "set_gate"
    OVERRIDE_CHAIN = "override_chain"
    CREATE_CLIENT = "create_client"
    MANAGE_STAFF = "manage_staff"


P = Permission

AGENCY_ROLES = frozenset({Role.ADMIN, Role.MANAGER})
CLIENT_ROLES = frozenset({Role.CLIENT_REVIEWER, Role.CLIENT_VIEWER})
STAFF_ROLES = frozenset(Role) - CLIENT_ROLES

_EVERY_STAFF = frozenset(
    {
        P.SEE_ALL_STATES,
        P.SEE_CLIENT_STATES,
        P.SEE_PERFORMANCE,
        P.FINISH_TASK,
        P.COMMENT_INTERNALLY,
        P.ADD_IDEA,
    }
)
_ACCOUNT_MANAGER = _EVERY_STAFF | {
    P.CREATE_POST,
    P.EDIT_WORDS,
    P.EDIT_MEDIA,
    P.EDIT_PLAN,
    P.ASSIGN,
    P.SUBMIT,
    P.CANCEL,
    P.SEND_TO_CLIENT,
    P.HOLD,
    P.SCHEDULE,
    P.IMPORT_PLAN,
    P.IMPORT_METRICS,
    P.MANAGE_CLIENT,
    P.SEE_AGREEMENT,
    P.OVERRIDE_CHAIN,
    P.WRITE_GUIDELINE,
    P.COMMENT_TO_CLIENT,
}
_CONTENT_MANAGER = _EVERY_STAFF | {
    P.CREATE_POST,
    P.EDIT_WORDS,
    P.EDIT_MEDIA,
    P.EDIT_PLAN,
    P.ASSIGN,
    P.SUBMIT,
    P.CANCEL,
    P.APPROVE_INTERNALLY,
    P.IMPORT_PLAN,
    P.IMPORT_METRICS,
    P.WRITE_GUIDELINE,
    P.COMMENT_TO_CLIENT,
}
_COPYWRITER = _EVERY_STAFF | {P.CREATE_POST, P.EDIT_WORDS, P.SUBMIT}
_DESIGNER = _EVERY_STAFF | {P.EDIT_MEDIA}
_ART_DIRECTOR = _EVERY_STAFF | {
    P.EDIT_MEDIA,
    P.APPROVE_INTERNALLY,
    P.WAIVE_CHECK,
    P.COMMENT_TO_CLIENT,
}
_MANAGER = (_ACCOUNT_MANAGER | _CONTENT_MANAGER | _COPYWRITER | _DESIGNER | _ART_DIRECTOR) | {
    P.CREATE_CLIENT,
    P.SET_GATE,
}

# The client's own decisions belong to the client: no staff role holds them, not even admin.
PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMIN: _MANAGER | {P.MANAGE_STAFF},
        Role.MANAGER: _MANAGER,
        Role.ACCOUNT_MANAGER: _ACCOUNT_MANAGER,
        Role.CONTENT_MANAGER: _CONTENT_MANAGER,
        Role.COPYWRITER: _COPYWRITER,
        Role.DESIGNER: _DESIGNER,
        Role.ART_DIRECTOR: _ART_DIRECTOR,
        Role.CLIENT_REVIEWER: frozenset(
            {
                P.SEE_CLIENT_STATES,
                P.DECIDE_AS_CLIENT,
                P.SEE_AGREEMENT,
                P.ACCEPT_AGREEMENT,
                P.HOLD,
                P.ADD_IDEA,
                P.COMMENT_TO_CLIENT,
            }
        ),
        Role.CLIENT_VIEWER: frozenset({P.SEE_CLIENT_STATES}),
    }
)


def roles_with(*rights: Permission) -> tuple[Role, ...]:
    """The roles that hold one of these rights."""
    return tuple(role for role in Role if PERMISSIONS[role] & {*rights})


_CLOCK = frozenset({P.SEE_ALL_STATES, P.SEE_CLIENT_STATES, P.PUBLISH})


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the clock) behind a request, as the server knows them."""

    user_id: UUID | None
    name: str
    agency_role: Role | None = None
    roles: Mapping[UUID, Role] = field(default_factory=dict[UUID, Role])
    is_clock: bool = False
    entrusted: frozenset[Permission] = frozenset()
    """What a client's agreement lets the clock do beside its own rights, for one use case."""

    def role_for(self, client_id: UUID) -> Role | None:
        return self.agency_role or self.roles.get(client_id)

    def may(self, permission: Permission, client_id: UUID | None = None) -> bool:
        """Whether this actor holds the right for that client (None: for the agency)."""
        if self.is_clock:
            return permission in _CLOCK | self.entrusted
        role = self.agency_role if client_id is None else self.role_for(client_id)
        return role is not None and permission in PERMISSIONS[role]

    def may_somewhere(self, permission: Permission) -> bool:
        return any(permission in PERMISSIONS[role] for role in self.every_role)

    def clients_with(self, permission: Permission) -> frozenset[UUID] | None:
        """The clients it holds for; None means all of them."""
        if self.is_clock:
            return None if permission in _CLOCK | self.entrusted else frozenset()
        if self.agency_role and permission in PERMISSIONS[self.agency_role]:
            return None
        return frozenset(
            client_id for client_id, role in self.roles.items() if permission in PERMISSIONS[role]
        )

    @property
    def every_role(self) -> frozenset[Role]:
        roles = frozenset(self.roles.values())
        return roles | {self.agency_role} if self.agency_role else roles

    @property
    def is_staff(self) -> bool:
        return bool(self.every_role & STAFF_ROLES)


THE_CLOCK = Actor(user_id=None, name="Postboard", is_clock=True)
