from postboard.domain.permissions import PERMISSIONS, THE_CLOCK, Permission, Role
from postboard.domain.workflow import State
from tests.world import World, found


def test_the_clients_decision_belongs_to_the_client_alone() -> None:
    holders = {role for role in Role if Permission.DECIDE_AS_CLIENT in PERMISSIONS[role]}
    assert holders == {Role.CLIENT_REVIEWER}


def test_the_clock_sees_every_post_so_that_it_can_publish(database, world: World) -> None:
    seen = found(database, THE_CLOCK, world.acme.posts[State.SCHEDULED])
    assert seen.state is State.SCHEDULED
