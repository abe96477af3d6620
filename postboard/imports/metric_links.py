"""What the address of a post says: its id and whose account it is on."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

_LINKEDIN_URN: Final = re.compile(r"urn:li:(?:activity|share|ugcPost):\d+")
_LINKEDIN_ACTIVITY: Final = re.compile(r"[-_](activity|share|ugcPost)-(\d{15,})")
_PATHS: Final = {
    "x": re.compile(r"/(?P<account>\w+)/status/(?P<id>\d+)"),
    "tiktok": re.compile(r"/@(?P<account>[\w.]+)/(?:video|photo)/(?P<id>\d+)"),
    "facebook": re.compile(r"/(?P<account>[\w.]+)/(?:posts|videos|photos|reel)/(?P<id>\d+)"),
    "instagram": re.compile(r"/(?:[\w.]+/)?(?:p|reel|tv)/(?P<id>[\w-]+)"),
}
_HOSTS: Final = {
    "x.com": "x",
    "twitter.com": "x",
    "tiktok.com": "tiktok",
    "instagram.com": "instagram",
    "linkedin.com": "linkedin",
    "facebook.com": "facebook",
    "fb.watch": "facebook",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "pinterest.com": "pinterest",
    "threads.net": "threads",
    "threads.com": "threads",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Each is empty where the address does not say it. `post_id` is the network's own, as text."""

    network: str = ""
    account: str = ""
    post_id: str = ""


def read_address(link: str) -> Address:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return Address()
    network = _HOSTS.get(host, "")
    if network == "linkedin":
        return Address(network, "", _linkedin_id(unquote(link)))
    found = _PATHS[network].match(parts.path) if network in _PATHS else None
    said = found.groupdict() if found else {}
    return Address(network, said.get("account", ""), said.get("id", ""))


def youtube_link(video_id: str) -> str:
    return f"https://www.youtube.com/watch?v={video_id}"


def _linkedin_id(link: str) -> str:
    """With its kind, since an activity and a share number their posts each in their own way."""
    urn = _LINKEDIN_URN.search(link)
    if urn:
        return urn[0]
    found = _LINKEDIN_ACTIVITY.search(link)
    return f"urn:li:{found[1]}:{found[2]}" if found else ""
