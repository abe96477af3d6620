/* What the board in this browser knows: the server's cards, and moves it has not answered yet.

   The server sends the whole board when the page or a filter is loaded, then patches. Signals
   of other people's moves arrive beside it and say only where a card went. A move shows at
   once, stays until its answer comes, and survives a lost connection and a reload. */

import { commandId } from "./command.js";

const KEPT_MOVES = "postboard.moves";
const MANY = "0".repeat(32);
const REST = 6; // times as long as an answer took
const MOVE_LIFETIME_MS = 10 * 60_000;
const QUIET_MS = 1500; // after it was drawn there is time to look ahead
const CHANGED_MS = 20_000;
const AHEAD_FOR_MS = 10 * 60_000;
const MOST_AHEAD = 300;
const APPROVED = new Set(["approved", "on_hold", "scheduled", "published", "publish_failed", "cancelled"]);
export const WAITING_AFTER_MS = 1200;

export class BoardStore {
  constructor(send) {
    this.send = send; // { move(move), refresh(ids), reload(shown), lookAhead(ids) }
    this.listeners = new Set();
    this.cards = new Map();
    this.seen = new Map(); // the newest version heard of, also of cards that are not loaded
    this.totals = new Map();
    this.keys = [];
    this.serial = 0;
    this.patched = 0;
    this.moves = keptMoves();
    this.asked = new Set();
    this.ahead = new Map(); // id -> { version, at, chance? }: what its odds were, when asked
    this.snapshot = { serial: 0, columns: [], moves: [] };
  }

  subscribe = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getSnapshot = () => this.snapshot;

  /* The whole board, fresh from the server; what is unanswered is sent once more. */
  load(board) {
    this.serial = board.serial;
    this.filtered = board.filtered;
    this.asOf = board.as_of;
    this.patched = 0;
    this.keys = board.columns.map((column) => column.key);
    this.cards = new Map(board.columns.flatMap((c) => c.cards).map((card) => [card.id, card]));
    for (const card of this.cards.values()) this.seen.set(card.id, card.version);
    this.totals = new Map(board.columns.map((column) => [column.key, column.total]));
    this.asked.clear();
    this.busy = false;
    this.moves.filter((move) => !move.asking).forEach((move) => this.send.move(move));
    this.publish();
  }

  /* What changed since; a hole means that a patch was lost. */
  patch(patch) {
    if (patch.serial !== this.serial || patch.number <= this.patched) return;
    if (patch.number > this.patched + 1) return this.reload();
    this.patched = patch.number;
    this.apply(patch);
    this.publish();
  }

  apply(patch) {
    for (const id of patch.gone) this.cards.delete(id);
    for (const card of patch.cards) this.put(card);
    for (const signal of patch.heard) this.hearOne(signal);
    for (const [key, total] of Object.entries(patch.totals)) this.totals.set(key, total);
    if (patch.answered) this.moves = this.moves.filter((move) => move.id !== patch.answered);
    if (patch.answered) keep(this.moves);
    if (patch.refreshed) this.rest();
  }

  put(card) {
    const old = this.cards.get(card.id);
    if (old && old.version > card.version) return;
    const heard = this.seen.get(card.id) ?? 0;
    if (old && old.column !== card.column) this.count(old.column, card.column);
    if (heard > card.version) this.ask(card.id);
    this.seen.set(card.id, Math.max(heard, card.version));
    this.cards.set(card.id, card);
  }

  /* Somebody's change: ids and places only. Words are read again when they are shown here. */
  hear(signals) {
    for (const signal of signals) this.hearOne(signal);
    this.publish();
  }

  hearOne([id, version, from, to, rank, state, , rounds, whole, event, beside]) {
    if (id === MANY) return this.reloadSoon();
    if (beside && (this.filtered || this.cards.has(id))) this.ask(id); // filters name holders too
    if (version <= (this.seen.get(id) ?? 0)) return;
    this.seen.set(id, version);
    const card = this.cards.get(id);
    if (card) {
      const since = state === card.state ? card.since : new Date().toISOString();
      const ready = state === card.state && card.ready;
      this.cards.set(id, { ...card, version, column: to, rank, state, rounds, since, ready });
    }
    const counted = event && event <= this.asOf; // it was there when the board was loaded
    if (from !== to && !this.filtered && !counted) this.count(from, to);
    if (this.filtered || (card ? whole : this.reaches(to, rank))) this.ask(id);
  }

  /* Whether a card of that rank belongs among the loaded ones of its column. */
  reaches(key, rank) {
    const loaded = [...this.cards.values()].filter((card) => card.column === key);
    return loaded.length + 1 >= (this.totals.get(key) ?? 0) || loaded.some((c) => c.rank > rank);
  }

  count(from, to) {
    if (this.totals.has(from)) this.totals.set(from, Math.max(0, this.totals.get(from) - 1));
    if (this.totals.has(to)) this.totals.set(to, this.totals.get(to) + 1);
  }

  ask(id) {
    this.asked.add(id);
    this.askSoon();
  }

  /* One question at a time, gathered for a moment, spread so that a hundred boards that hear
     the same signal do not all ask in the same instant. */
  askSoon() {
    if (this.timer || this.busy || !this.asked.size) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.busy = true;
      this.askedAt = Date.now();
      const ids = [...this.asked].slice(0, 60);
      ids.forEach((id) => this.asked.delete(id));
      this.send.refresh(ids);
      setTimeout(() => (this.busy = false), 5000);
    }, 80 + Math.random() * 160);
  }

  /* A server that takes its time is left alone for longer: moves go before reading again. */
  rest() {
    const took = Math.max(0, Date.now() - (this.askedAt ?? 0));
    setTimeout(() => {
      this.busy = false;
      this.askSoon();
    }, Math.min(REST * took, 3000));
  }

  /* Whoever scrolled far down a column stays there. */
  reload() {
    this.send.reload(Math.max(0, ...this.snapshot.columns.map((column) => column.cards.length)));
  }

  reloadSoon() {
    clearTimeout(this.reloading);
    this.reloading = setTimeout(() => this.reload(), 500 + Math.random() * 1000);
  }

  begin(move) {
    this.moves = [...this.moves.filter((m) => m.post !== move.post || !m.asking), move];
    this.publish();
  }

  /* The answer to what the step asked is there, or it asked nothing. */
  confirm(id, answer = {}) {
    const move = this.moves.find((m) => m.id === id);
    if (!move) return;
    Object.assign(move, { asking: "", ...answer, at: Date.now() });
    keep(this.moves);
    this.send.move(move);
    this.publish();
    setTimeout(() => this.publish(), WAITING_AFTER_MS + 50);
  }

  drop(id) {
    this.moves = this.moves.filter((move) => move.id !== id);
    keep(this.moves);
    this.publish();
  }

  /* While a card is in the hand nothing else moves under it. */
  hold(held) {
    this.held = held;
    if (!held) this.publish();
  }

  publish() {
    if (this.held) return;
    this.snapshot = { serial: this.serial, columns: this.columns(), moves: this.moves };
    this.listeners.forEach((listener) => listener());
    this.lookAheadSoon();
  }

  /* Once the board has come to rest it asks how likely its cards are in time: that is worth no
     wait of anybody's. What only changed is asked about later than what was never asked about. */
  lookAheadSoon() {
    if (!this.serial) return;
    const after = this.unforeseen((known) => !known).length ? QUIET_MS : CHANGED_MS;
    if (!(this.lookingAt - Date.now() < after)) this.lookAhead(after);
  }

  lookAhead(after) {
    clearTimeout(this.looking);
    this.lookingAt = Date.now() + after;
    this.looking = setTimeout(() => {
      this.lookingAt = undefined;
      const ids = document.hidden ? [] : this.unforeseen().slice(0, MOST_AHEAD);
      for (const id of ids) this.noteAhead(id, this.ahead.get(id)?.chance);
      if (ids.length) this.send.lookAhead(ids);
      else this.lookAhead(AHEAD_FOR_MS);
    }, after * (1 + Math.random()));
  }

  stop() {
    clearTimeout(this.looking);
    this.lookingAt = undefined;
  }

  unforeseen(isUnforeseen = isOld) {
    return [...this.cards.values()]
      .filter((card) => card.planned_at && !APPROVED.has(card.state))
      .filter((card) => isUnforeseen(this.ahead.get(card.id), card))
      .map((card) => card.id);
  }

  noteAhead(id, chance) {
    this.ahead.set(id, { version: this.cards.get(id)?.version, at: Date.now(), chance });
  }

  foretell(asked, chances) {
    const of = new Map(chances.map((chance) => [chance.post_id, chance]));
    for (const id of asked) this.noteAhead(id, of.get(id));
    this.publish();
  }

  /* Of a card as it stands; what was said of another state no longer holds. */
  chanceOf(card) {
    const chance = this.ahead.get(card.id)?.chance;
    return chance?.held_in === card.state ? chance : undefined;
  }

  /* The server's cards in order, with unanswered moves played over them. */
  columns() {
    const lists = new Map(this.keys.map((key) => [key, []]));
    const totals = new Map(this.totals);
    for (const card of this.cards.values()) lists.get(card.column)?.push(card);
    for (const list of lists.values()) list.sort(byRank);
    for (const move of this.moves) this.play(move, lists, totals);
    return this.keys.map((key) => ({
      key,
      total: totals.get(key) ?? 0,
      cards: lists.get(key),
    }));
  }

  play(move, lists, totals) {
    const card = this.cards.get(move.post);
    const target = lists.get(move.to);
    if (!card || !target || card.version > move.version) return;
    const source = lists.get(card.column) ?? [];
    const at = source.findIndex((c) => c.id === card.id);
    if (at >= 0) source.splice(at, 1);
    const waiting = !move.asking && Date.now() - move.at > WAITING_AFTER_MS;
    const after = target.findIndex((c) => c.id === move.after);
    target.splice(after + 1, 0, { ...card, waiting, unanswered: true });
    if (card.column === move.to) return;
    totals.set(card.column, (totals.get(card.column) ?? 1) - 1);
    totals.set(move.to, (totals.get(move.to) ?? 0) + 1);
  }
}

export function newMove(card, to, action, after, asking) {
  const id = commandId();
  const { id: post, version } = card;
  return { id, post, version, to, action, after, asking, at: Date.now() };
}

const isOld = (known, card) =>
  known?.version !== card.version || known.at <= Date.now() - AHEAD_FOR_MS;

const byRank = (one, other) => one.rank - other.rank || (one.id < other.id ? -1 : 1);

function keptMoves() {
  if (typeof sessionStorage === "undefined") return [];
  try {
    const moves = JSON.parse(sessionStorage.getItem(KEPT_MOVES) ?? "[]");
    return moves.filter((move) => Date.now() - move.at < MOVE_LIFETIME_MS);
  } catch {
    return []; // storage is blocked, or holds something else
  }
}

function keep(moves) {
  try {
    const sent = moves.filter((move) => !move.asking);
    sessionStorage.setItem(KEPT_MOVES, JSON.stringify(sent));
  } catch {
    /* storage is blocked: moves then live as long as the page */
  }
}
