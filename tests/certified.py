"""An approved post with words that are hard to carry, and its certificate."""

from functools import cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from postboard.db.engine import Database
from postboard.domain.content import Focus, Media, Variant, Words
from postboard.domain.permissions import Actor
from postboard.domain.workflow import State
from postboard.services import certificates
from postboard.services.certificates import Certificate
from postboard.services.sealing import Signer
from tests.world import World, bring_to

HARD = Words(
    caption='早上六点开门 🥐👩‍👩‍👧\n"quoted" \\ / é ∞ \u2028 end',
    title="新鲜面包",
    link="https://acme.example/?a=1&b=2",
    networks=("instagram", "weibo"),
    media=(Media("https://images.example/buns.jpg", "一盘面包", focus=(Focus(0.1, 1 / 3),)),),
    variants=(Variant("weibo", "微博 🎉"),),
    hashtags=("面包", "buns"),
)


@cache
def signer() -> Signer:
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def stranger() -> Signer:
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


def approved(database: Database, world: World, words: Words = HARD) -> UUID:
    return bring_to(
        database,
        world.acme.id,
        State.APPROVED,
        staff=world.ana,
        reviewer=world.cleo,
        holder=world.ben,
        words=words,
    )


def certificate_of(database: Database, actor: Actor, post_id: UUID) -> Certificate:
    with database.read() as session:
        return certificates.certificate(session, actor, post_id)
