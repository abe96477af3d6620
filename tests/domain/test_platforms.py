"""The data file: complete, dated, and of a shape that the checks know."""

import gzip
import json
from datetime import date

import pytest

from postboard import names
from postboard.domain.content import NETWORKS, PLACEMENTS, Placement
from postboard.domain.limit_checks import _CHECKS
from postboard.domain.platforms import (
    DATA,
    Limit,
    how_counted,
    limits_for_browser,
    limits_of,
)

EVERY = [
    (network, placement, key, limit)
    for network in NETWORKS
    for placement in PLACEMENTS[network]
    for key, limits in limits_of(network, placement).items()
    for limit in limits
]
FEED = Placement.FEED


def test_every_network_has_a_name_and_limits_for_each_placement() -> None:
    assert tuple(names.NETWORKS) == NETWORKS
    told = {(network, placement) for network, placement, _, _ in EVERY}
    assert told == {(network, place) for network in NETWORKS for place in PLACEMENTS[network]}


def test_every_value_has_a_source_and_the_day_it_was_looked_up() -> None:
    undated = [
        (network, key)
        for network, _, key, limit in EVERY
        if not limit.source or not date(2026, 1, 1) <= limit.checked_on <= date(2030, 1, 1)
    ]
    assert undated == []


def test_every_value_says_something_that_the_checks_ask_for() -> None:
    known = {*_CHECKS, "fold", "same_again"}
    wrong = [
        (network, key, limit)
        for network, _, key, limit in EVERY
        if key not in known
        or (limit.min is None and limit.max is None and not limit.one_of)
        or (limit.min is not None and limit.max is not None and limit.min > limit.max)
        or (limit.one_of and not limit.said)
    ]
    assert wrong == []


def test_where_sources_conflict_the_lenient_value_is_the_sure_one() -> None:
    for network, placement, key, limit in EVERY:
        several = limits_of(network, placement)[key]
        if len(several) > 1 and limit.sure and limit.max and not limit.when:
            unsure = [one.max for one in several if one.max and not one.sure]
            assert all(limit.max > other for other in unsure), (network, key)


def test_nothing_in_the_file_is_passed_over() -> None:
    """A table of a network or placement that is misspelt would be."""
    import tomllib

    tables = tomllib.loads(DATA.read_text("utf-8"))
    assert set(tables) == set(NETWORKS)
    inner = {
        (network, key)
        for network, table in tables.items()
        for key, entry in table.items()
        if isinstance(entry, dict) and key in set(Placement)
    }
    assert inner <= {(network, place) for network in NETWORKS for place in PLACEMENTS[network][1:]}


@pytest.mark.parametrize(
    ("network", "key", "told"),
    [
        ("x", "text", [(280, True)]),
        ("bluesky", "text", [(300, True)]),
        ("mastodon", "text", [(500, True)]),
        ("facebook", "text", [(16192, False), (63206, True)]),
        ("weibo", "text", [(140, False), (2000, True)]),
        ("linkedin", "fold", [(210, False)]),
        ("instagram", "hashtags", [(30, True)]),
        ("instagram", "mentions", [(20, True)]),
        ("youtube", "title", [(100, True)]),
        ("xiaohongshu", "images", [(18, True)]),
    ],
)
def test_values_are_those_of_the_networks(
    network: str, key: str, told: list[tuple[int, bool]]
) -> None:
    assert [(one.max, one.sure) for one in limits_of(network)[key]] == told


def test_another_placement_changes_what_it_says_and_keeps_the_rest() -> None:
    feed, reel = limits_of("facebook"), limits_of("facebook", Placement.REEL)
    assert reel["text"][0].max == 2200
    assert reel["image_types"] == feed["image_types"]
    assert "video_ratio" not in feed


def test_a_limit_takes_what_lies_within() -> None:
    day = date(2026, 11, 1)
    between = Limit("source", day, min=3, max=60)
    kinds = Limit("source", day, one_of=("image/png",))
    assert [between.takes(value) for value in (2.9, 3, 60, 61)] == [False, True, True, False]
    assert [kinds.takes(value) for value in ("image/png", "image/gif")] == [True, False]


def test_the_browser_gets_what_its_counters_need_in_little() -> None:
    told = limits_for_browser()
    assert set(told) == set(NETWORKS)
    assert told["x"] == {"text": {"how": "weighted", "max": 280, "fold": 280}}
    assert told["weibo"] == {"text": {"how": "weibo", "soft": 140, "max": 2000, "fold": 140}}
    assert told["wechat"] == {"text": {"how": "codepoints", "soft": 1500}}
    assert told["tiktok"] == {
        "text": {"how": "utf16", "max": 2200},
        "images": {"text": {"how": "utf16", "max": 4000}, "title": {"how": "utf16", "max": 90}},
    }
    assert {network: told[network]["text"]["how"] for network in NETWORKS} == {
        network: how_counted(network) for network in NETWORKS
    }
    assert len(gzip.compress(json.dumps(told, separators=(",", ":")).encode())) < 3_000
