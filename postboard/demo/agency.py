"""Northlight Studio: its people, its clients, and who works for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from postboard.domain.agreement import LateApproval, Silence, Terms
from postboard.domain.permissions import Role
from postboard.domain.planning import LeadTimes, PostKind
from postboard.domain.workflow import Approval, Policy


class Part(StrEnum):
    """Who acts in a post's life; each client has one person for each part."""

    ACCOUNT = "account"
    CONTENT = "content"
    WRITER = "writer"
    DESIGNER = "designer"
    ART = "art"
    CLIENT = "client"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    email: str
    zone: str = "Europe/Vienna"


@dataclass(frozen=True, slots=True)
class Brand:
    name: str
    zone: str
    team: Mapping[Part, str]
    """Keys of `CAST`."""
    viewer: str
    reviewers: tuple[str, ...] = ()
    """Who decides beside the one of the team."""
    policy: Policy = field(default_factory=Policy)
    rounds_included: int = 3
    accounts: tuple[tuple[str, str], ...] = ()
    campaigns: tuple[tuple[str, int, int], ...] = ()
    """Name, first day and last day, counted from today."""
    terms: Terms = field(default_factory=Terms)
    lead_times: Mapping[PostKind, LeadTimes] = field(default_factory=dict[PostKind, LeadTimes])


ROLES: Mapping[Part, Role] = {
    Part.ACCOUNT: Role.ACCOUNT_MANAGER,
    Part.CONTENT: Role.CONTENT_MANAGER,
    Part.WRITER: Role.COPYWRITER,
    Part.DESIGNER: Role.DESIGNER,
    Part.ART: Role.ART_DIRECTOR,
    Part.CLIENT: Role.CLIENT_REVIEWER,
}

ADMIN, MANAGER = "alma", "ana"

CAST: Mapping[str, Colleague] = {
    "alma": Colleague("Alma Reyes", "alma@northlight.example"),
    "ana": Colleague("Ana Kovač", "ana@northlight.example"),
    "aron": Colleague("Aron Weiss", "aron@northlight.example"),
    "bodil": Colleague("Bodil Strand", "bodil@northlight.example"),
    "cora": Colleague("Cora Jensen", "cora@northlight.example"),
    "lin": Colleague("林晓雯", "xiaowen@northlight.example", "Asia/Shanghai"),
    "ben": Colleague("Ben Asante", "ben@northlight.example"),
    "priya": Colleague("Priya Nair", "priya@northlight.example", "Europe/London"),
    "hang": Colleague("周航", "hang@northlight.example", "Asia/Shanghai"),
    "dina": Colleague("Dina Petrova", "dina@northlight.example"),
    "kenji": Colleague("Kenji Mori", "kenji@northlight.example"),
    "iris": Colleague("Iris Okonkwo", "iris@northlight.example"),
    "omar": Colleague("Omar Haddad", "omar@northlight.example"),
    "cleo": Colleague("Cleo Marchetti", "cleo@acme-coffee.example"),
    "lena": Colleague("Lena Brandt", "lena@acme-coffee.example"),
    "vera": Colleague("Vera Huber", "vera@acme-coffee.example"),
    "dora": Colleague("Dora Whitfield", "dora@borealis.example", "America/Vancouver"),
    "sam": Colleague("Sam Tremblay", "sam@borealis.example", "America/Vancouver"),
    "wei": Colleague("陈薇", "chenwei@xinghe-tea.example", "Asia/Shanghai"),
    "yiming": Colleague("吴一鸣", "yiming@xinghe-tea.example", "Asia/Shanghai"),
    "harriet": Colleague("Harriet Cole", "harriet@littleharbour.example", "Europe/London"),
    "tom": Colleague("Tom Pascoe", "tom@littleharbour.example", "Europe/London"),
}

_WITH_A_LUNCH_BREAK = ((9 * 60 + 30, 12 * 60), (13 * 60 + 30, 18 * 60))
ACME = Brand(
    "Acme Coffee",
    "Europe/Vienna",
    {
        Part.ACCOUNT: "aron",
        Part.CONTENT: "cora",
        Part.WRITER: "ben",
        Part.DESIGNER: "dina",
        Part.ART: "iris",
        Part.CLIENT: "cleo",
    },
    viewer="vera",
    reviewers=("lena",),
    accounts=(
        ("instagram", "@acmecoffee"),
        ("facebook", "Acme Coffee"),
        ("linkedin", "Acme Coffee Roasters"),
        ("tiktok", "@acmecoffee"),
    ),
    campaigns=(("New season blend", -35, 21), ("Café summer", 5, 60)),
    terms=Terms(country="AT", reminder_hours=(8, 2)),
    lead_times={
        PostKind.IMAGE: LeadTimes(copy=4, design=6, internal_review=3, rework=3, buffer=4),
        PostKind.VIDEO: LeadTimes(copy=6, design=32, internal_review=4, rework=8, buffer=8),
    },
)
BOREALIS = Brand(
    "Borealis Outdoor",
    "America/Vancouver",
    {
        Part.ACCOUNT: "bodil",
        Part.CONTENT: "cora",
        Part.WRITER: "ben",
        Part.DESIGNER: "dina",
        Part.ART: "iris",
        Part.CLIENT: "dora",
    },
    viewer="sam",
    policy=Policy(Approval.INTERNAL_AND_CLIENT, rework_goes_to_client=True),
    rounds_included=2,
    accounts=(
        ("instagram", "@borealisoutdoor"),
        ("youtube", "@borealisoutdoor"),
        ("threads", "@borealisoutdoor"),
        ("x", "@borealis_out"),
        ("pinterest", "borealisoutdoor"),
    ),
    campaigns=(("Sleep higher", -28, 14), ("Repair, not replace", -10, 40)),
    terms=Terms(
        country="CA",
        region="BC",
        response_hours=24,
        silence=Silence.NEXT_FREE_DAY,
        late_approval=LateApproval.NEXT_FREE_DAY,
    ),
)
XINGHE = Brand(
    "星河茶 Xinghe Tea",
    "Asia/Shanghai",
    {
        Part.ACCOUNT: "aron",
        Part.CONTENT: "lin",
        Part.WRITER: "hang",
        Part.DESIGNER: "kenji",
        Part.ART: "iris",
        Part.CLIENT: "wei",
    },
    viewer="yiming",
    accounts=(
        ("wechat", "星河茶"),
        ("weibo", "@星河茶官方"),
        ("xiaohongshu", "星河茶"),
        ("instagram", "@xinghe.tea"),
    ),
    campaigns=(("新茶季", -30, 25), ("星河夜饮", -7, 35)),
    terms=Terms(
        week=(_WITH_A_LUNCH_BREAK,) * 5 + ((), ()),
        country="CN",
        silence=Silence.HOLD,
        late_approval=LateApproval.HOLD,
    ),
)
MUSEUM = Brand(
    "Little Harbour Museum",
    "Europe/London",
    {
        Part.ACCOUNT: "bodil",
        Part.CONTENT: "cora",
        Part.WRITER: "priya",
        Part.DESIGNER: "kenji",
        Part.ART: "omar",
        Part.CLIENT: "harriet",
    },
    viewer="tom",
    policy=Policy(Approval.INTERNAL_ONLY),
    accounts=(
        ("facebook", "Little Harbour Museum"),
        ("instagram", "@littleharbourmuseum"),
        ("bluesky", "@littleharbour.example"),
        ("mastodon", "@museum@littleharbour.example"),
    ),
    campaigns=(("Tides and Trades", -21, 70),),
)
