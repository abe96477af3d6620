"""Chat: one message handed to a chat service by apprise, in a process of its own.

An address is what a person typed, and the library goes wherever it leads, also by redirects. So
that it reaches no internal host, every name that the process looks up must lead to public
addresses only; the check stands where the connection is made, so no later answer gets around it.
"""

import json
import logging
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from postboard.domain.errors import Refused

SERVICES: Final = frozenset(
    {
        "DingTalk",
        "Discord",
        "Feishu",
        "Lark (Feishu)",
        "MSTeams",
        "Matrix",
        "Mattermost",
        "Power Automate / Workflows (for MSTeams)",
        "Rocket.Chat",
        "Slack",
        "Telegram",
        "WeCom Bot",
    }
)
"""What apprise calls them; it knows a hundred others, some of which run programs."""
ADDRESS_MAX: Final = 1_000
TIMEOUT_S: Final = 40
_SECRET_MIN: Final = 6
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""Where a network without IPv4 finds the hosts that have nothing else: RFC 6052."""
_TUNNELS: Final = tuple(
    IPv6Network(net) for net in ("::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")
)
"""Names for IPv4 hosts, internal ones too, that no chat service has."""
_CHILD: Final = (sys.executable, "-m", "postboard.notifications.chat")

Send = Callable[[str, str, str], None]
_LookUp = Callable[..., Any]


class NoChat(Refused):
    status = 422
    sentence = (
        "This is no chat address we can write to. Paste the address of a webhook or bot of Slack,"
        " Teams, Mattermost, Rocket.Chat, Discord, Telegram, Matrix, WeCom, Feishu or DingTalk."
    )


class ChatFailed(Exception):  # noqa: N818 - it is reported, not raised at people
    """The chat service did not take it; the message says why, without the address's secrets."""


def service_of(url: str) -> str:
    """The chat service of an address; asks no network.

    Raises:
        NoChat: it is none of those we write to, or its host is this machine or an internal one.
    """
    target = _target(url)
    if target is None or _is_internal(str(target.host or "")):
        raise NoChat
    return str(target.service_name)


def send(url: str, title: str, body: str, command: Sequence[str] = _CHILD) -> None:
    """Hand it over; blocks, so call it in a thread.

    Raises:
        ChatFailed: it was not taken.
    """
    message = json.dumps({"url": url, "title": title, "body": body})
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the address goes in by stdin
            [*command],
            input=message,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ChatFailed("The chat service did not answer in time.") from None
    if done.returncode:
        said = done.stdout.strip() or "The chat service could not be reached."
        raise ChatFailed(_without_secrets(said, url))


def main(allowed: frozenset[str] = frozenset()) -> int:
    """Send the message on standard input, and say on standard output why it failed.

    `allowed` are addresses beside the public ones; the program itself allows none.
    """
    from apprise import Apprise

    socket.getaddrinfo = _public_only(socket.getaddrinfo, allowed)
    message: dict[str, str] = json.load(sys.stdin)
    target = _target(message["url"])
    if target is None:
        sys.stdout.write(NoChat.sentence)
        return 1
    sender: Any = Apprise()
    sender.add(target)
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format="%(message)s")
    return 0 if sender.notify(title=message["title"], body=message["body"]) else 1


def _target(url: str) -> Any:
    """Apprise's own object for the address, if it is of a service we write to."""
    from apprise import Apprise

    if len(url) > ADDRESS_MAX or not re.fullmatch(r"[a-z]+://[!-~]+", url):
        return None
    library: Any = Apprise
    target = library.instantiate(url, suppress_exceptions=True)
    return target if target is not None and str(target.service_name) in SERVICES else None


def _is_internal(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return not _is_public(ip_address(host.strip("[]")))
    except ValueError:
        return False


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it leads to no internal host, not even by a gateway between IPv6 and IPv4."""
    if isinstance(address, IPv6Address):
        if address in _TRANSLATED:
            return _is_public(IPv4Address(address.packed[-4:]))
        if any(address in net for net in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def _public_only(look_up: _LookUp, allowed: frozenset[str]) -> _LookUp:
    def look_up_public(*arguments: Any, **named: Any) -> Any:
        found = look_up(*arguments, **named)
        for *_, place in found:
            address = ip_address(str(place[0]).partition("%")[0])
            mapped = getattr(address, "ipv4_mapped", None) or address
            if str(mapped) not in allowed and not _is_public(mapped):
                raise socket.gaierror(socket.EAI_FAIL, "it leads to an internal address")
        return found

    return look_up_public


def _without_secrets(said: str, url: str) -> str:
    for part in re.split(r"[/:@?&=#]+", url):
        if len(part) >= _SECRET_MIN:
            said = said.replace(part, "…")
    return said


if __name__ == "__main__":
    sys.exit(main())
