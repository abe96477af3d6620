"""What the calendar in a browser makes of answers that come late, twice or not at all."""

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import postboard

pytestmark = pytest.mark.browser

STORE = Path(postboard.__file__).parent / "ui" / "wrappers" / "calendar_store.js"
STAGE = """async ([source, steps]) => {
  const { CalendarStore } = await import(`data:text/javascript;base64,${source}`);
  const sent = [];
  const note = (what) => (...given) => sent.push([what, ...given]);
  const send = { look: note("look"), refresh: note("refresh"), move: note("move"), lookAhead() {} };
  const store = new CalendarStore(send);
  const view = (...rows) => ({
    since: "2026-03-01T00:00Z", clients: ["ACME"], states: ["draft"], networks: ["x"],
    people: ["Ben"], more: false,
    rows: rows.map(([id, version, minutes]) => [id, 0, 1, version, 0, minutes, "Buns", [0], 0]),
  });
  const days = { notes: [], gaps: [], close: [] };
  const shown = () =>
    store.getSnapshot().posts.map(({ id, version, at }) =>
      [id, version, new Date(at).toISOString().slice(0, 16)]);
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const answer = await eval(`async () => {${steps}}`)();
  return answer;
}"""
IN_VIEW = 'store.look({ since: "2026-03-01", until: "2026-03-31", language: "en" });'
LOADED = f"{IN_VIEW} store.loaded();"
ONE = 'store.show({ asked: store.question, view: view(["a", 2, 60]), days });'


def play(chromium: Browser, steps: str) -> Any:
    page = chromium.new_page()
    source = base64.b64encode(STORE.read_bytes()).decode()
    answer = page.evaluate(STAGE, [source, steps])
    page.close()
    return answer


def test_nothing_is_asked_before_the_server_knows_the_page(chromium: Browser) -> None:
    assert play(chromium, f"{IN_VIEW} return sent.length;") == 0
    assert play(chromium, f"{LOADED} return sent.map(([what, n]) => [what, n]);") == [["look", 1]]


def test_an_answer_about_other_days_is_not_shown(chromium: Browser) -> None:
    steps = f'{LOADED} {IN_VIEW} store.show({{ asked: 1, view: view(["b", 1, 0]), days }}); {ONE}'
    assert play(chromium, f"{steps} return shown();") == [["a", 2, "2026-03-01T01:00"]]


def test_an_older_row_changes_nothing_and_a_missing_one_is_gone(chromium: Browser) -> None:
    older = 'store.patch({ ids: ["a"], view: view(["a", 1, 0]), days });'
    assert play(chromium, f"{LOADED} {ONE} {older} return shown();") == [
        ["a", 2, "2026-03-01T01:00"]
    ]
    gone = 'store.patch({ ids: ["a"], view: view(), days });'
    assert play(chromium, f"{LOADED} {ONE} {gone} return shown();") == []


def test_news_are_read_once_and_what_is_known_is_not_read_again(chromium: Browser) -> None:
    heard = 'store.hear([["a", 2], ["b", 1]]); store.hear([["b", 1]]); await wait(400);'
    asked = "return sent.filter(([what]) => what === 'refresh').map(([, ids]) => ids);"
    assert play(chromium, f"{LOADED} {ONE} {heard} {asked}") == [["b"]]


def test_a_move_waits_for_its_answer_and_is_told_of_when_it_was_lost(chromium: Browser) -> None:
    move = 'store.move("a", "2026-03-02T10:00", "2026-03-02T10:00", "client");'
    told = "return [sent.at(-1).slice(0, 4), [...store.getSnapshot().moves.keys()]];"
    sent = ["move", "a", 2, "2026-03-02T10:00"]
    assert play(chromium, f"{LOADED} {ONE} {move} {told}") == [sent, ["a"]]
    answered = 'store.patch({ ids: ["a"], view: view(["a", 3, 90]), answered: "a" });'
    assert play(
        chromium, f"{LOADED} {ONE} {move} {answered} return [shown(), store.loaded()];"
    ) == [[["a", 3, "2026-03-01T01:30"]], False]
    assert play(chromium, f"{LOADED} {ONE} {move} return store.loaded();") is True


def test_what_the_days_say_is_asked_for_after_an_answer(chromium: Browser) -> None:
    answered = 'store.patch({ ids: ["a"], view: view(["a", 3, 90]), answered: "a" });'
    asked = "await wait(400); return sent.at(-1).slice(0, 2);"
    assert play(chromium, f"{LOADED} {ONE} {answered} {asked}") == ["refresh", []]


def test_a_dropped_post_is_drawn_by_its_answer_or_when_that_takes_long(chromium: Browser) -> None:
    drop = 'store.move("a", "x", "2026-03-02T10:00", "client", { stands: true });'
    before = "const before = store.getSnapshot().moves.size;"
    after = "await wait(700); return [before, store.getSnapshot().moves.size];"
    assert play(chromium, f"{LOADED} {ONE} {drop} {before} {after}") == [0, 1]


def test_news_wait_until_the_grid_has_settled_a_drop(chromium: Browser) -> None:
    news = 'store.patch({ ids: ["a"], view: view(["a", 3, 90]), days });'
    held = f"store.hold(); {news} const before = shown(); store.release();"
    assert play(chromium, f"{LOADED} {ONE} {held} return [before, shown()];") == [
        [["a", 2, "2026-03-01T01:00"]],
        [["a", 3, "2026-03-01T01:30"]],
    ]
    forgotten = f"store.hold(); {news} await wait(600);"
    assert play(chromium, f"{LOADED} {ONE} {forgotten} return shown();") == [
        ["a", 3, "2026-03-01T01:30"]
    ]
