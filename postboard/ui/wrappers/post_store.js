/* The post as it stands in this browser: what the server has, and what is being typed over it.

   Typing never waits for the server. Each field is saved by itself, on the mark of the value that
   was changed; what is not saved yet also lies in localStorage, so that a lost session, a closed
   tab or a crash loses no word. Editor, previews and counters all look here. */

import { useSyncExternalStore } from "react";

const TYPING_MS = 700;
const PATIENCE_MS = 10_000;
const KEPT = "postboard.unsaved.";
export const LONGEST = 64_000;

const NOTHING = Object.freeze({
  id: "",
  me: "",
  words: null,
  network: "",
  accounts: {},
  client: {},
  unsaved: {},
  others: [],
  late: false,
  kept: true,
});

let state = NOTHING;
let marks = {}; // field -> the mark of the value it is changed from
let send = {};
let serial = 0;
let taken = []; // fields of a draft whose newer value is taken
const timers = {};
const sent = {}; // field -> what is on its way; a field's next value waits for the answer
const listeners = new Set();

/** `{ id, words, network, accounts, client, unsaved, others }`. `words` is domain.content.Words as
    typed so far; `network` is the one that is looked at, "" for all; `unsaved` has an entry
    `{ status, problem?, theirs?, who? }` for each field that the server does not have as it is here. */
export function usePost() {
  return useSyncExternalStore(subscribe, current, () => NOTHING);
}

export const current = () => state;

export function change(part) {
  state = Object.freeze({ ...state, ...part });
  listeners.forEach((listener) => listener());
}

/** How words reach the server: `{ save(postId, field, value, was, serial), rebase(postId, theirs) }`. */
export function saveBy(sender) {
  send = sender;
}

/** Type into a field: `caption`, or `caption@x` for X alone. */
export function edit(field, value) {
  const unsaved = { ...state.unsaved, [field]: { status: "typing" } };
  change({ words: withValue(state.words, field, value), unsaved });
  keep();
  clearTimeout(timers[field]);
  timers[field] = setTimeout(() => save(field), TYPING_MS);
}

/** Save what waits, now; resolves to whether the server has every word. */
export function flush() {
  for (const [field, { status }] of Object.entries(state.unsaved)) {
    if (status === "typing") save(field);
  }
  return new Promise((resolve) => {
    const settled = () => {
      const left = Object.values(state.unsaved).map((each) => each.status);
      if (!left.length) done(true);
      else if (left.every((status) => status === "clash" || status === "refused")) done(false);
    };
    const timer = setTimeout(() => done(false), PATIENCE_MS);
    const stop = subscribe(() => settled());
    const done = (whole) => {
      clearTimeout(timer);
      stop();
      resolve(whole);
    };
    settled();
  });
}

/** Mine goes over the other person's value, or theirs stands. */
export function settle(field, mine) {
  const { theirs, mark, draft } = state.unsaved[field];
  const words = mine ? state.words : withValue(state.words, field, theirs);
  change({ words, unsaved: without(state.unsaved, field) });
  if (draft) settleDraft(field, mine);
  else marks[field] = mark;
  if (mine && !draft) save(field);
  keep();
}

function settleDraft(field, mine) {
  if (!mine) taken.push(field);
  if (Object.values(state.unsaved).some((entry) => entry.draft)) return;
  send.rebase(state.id, taken);
  taken = [];
}

/* ── What the server says ────────────────────────────────────────────────── */

/** The post as the server has it; what is being typed stays. */
export function show(post) {
  const { id, me, words, accounts, client, clashes } = post;
  const same = id === state.id;
  const mine = same ? unsavedValues() : keptValues(me, id);
  if (!same) leave();
  let shown = words;
  const unsaved = {};
  const known = marks;
  marks = { ...post.marks };
  for (const [field, { value, was }] of Object.entries(mine)) {
    if (!sent[field] && JSON.stringify(value) === JSON.stringify(valueOf(words, field))) continue;
    // It keeps the mark it was begun on: a change by others since is noticed when it is saved.
    marks[field] = (same ? known[field] : was) ?? marks[field];
    shown = withValue(shown, field, value);
    unsaved[field] = (same && state.unsaved[field]) || { status: "typing" };
  }
  for (const { field, theirs, who } of clashes) {
    unsaved[field] ??= { status: "clash", theirs, who, draft: true };
  }
  const network = same && shown.networks.includes(state.network) ? state.network : "";
  change({ id, me, words: same ? keepTyping(shown) : shown, accounts, client, unsaved, network });
  keep();
  if (!same) Object.keys(mine).filter((field) => unsaved[field]).forEach(save);
  else if (state.late) Object.keys(sent).forEach(sendAgain);
}

export function saved({ id, field, mark, serial: number }) {
  if (!answered(id, field, number)) return;
  marks[field] = mark;
  if (state.unsaved[field]?.status === "saving") change({ unsaved: without(state.unsaved, field) });
  keep();
  goOn(field);
}

export function clashed({ id, field, theirs, mark, who, serial: number }) {
  if (answered(id, field, number)) note(field, { status: "clash", theirs, mark, who });
}

/** `problem` is the refusal's sentence by language; without one it is tried once more. */
export function refused({ id, field, problem, serial: number }) {
  if (!answered(id, field, number)) return;
  if (!problem) save(field);
  else if (state.unsaved[field]?.status === "saving") note(field, { status: "refused", problem });
  else goOn(field);
}

/** What belongs to the post is somebody else's business now: see its next visit. */
export function leave() {
  Object.keys(timers).forEach((field) => clearTimeout(timers[field]));
  Object.keys(sent).forEach((field) => delete sent[field]);
}

/* ── Saving ──────────────────────────────────────────────────────────────── */

function save(field) {
  clearTimeout(timers[field]);
  if (sent[field]) return;
  const value = valueOf(state.words, field);
  if (typeof value === "string" && value.length > LONGEST) {
    note(field, { status: "long" });
    return;
  }
  serial += 1;
  sent[field] = { serial, value, was: marks[field] };
  note(field, { status: "saving" });
  sendAgain(field);
}

/* Sent once more when no answer came: it counts once. */
function sendAgain(field) {
  const { serial: number, value, was } = sent[field];
  send.save(state.id, field, value, was, number);
  setTimeout(() => {
    if (sent[field]?.serial !== number) return;
    change({ late: true });
    sendAgain(field);
  }, PATIENCE_MS);
}

function answered(id, field, number) {
  if (id !== state.id || sent[field]?.serial !== number) return false;
  delete sent[field];
  if (state.late) change({ late: false });
  return true;
}

/* It was typed on while the last value was on its way. */
function goOn(field) {
  if (state.unsaved[field]?.status === "typing") save(field);
}

function note(field, entry) {
  change({ unsaved: { ...state.unsaved, [field]: entry } });
}

function unsavedValues() {
  return Object.fromEntries(
    Object.keys(state.unsaved)
      .filter((field) => !state.unsaved[field].draft)
      .map((field) => [field, { value: valueOf(state.words, field), was: marks[field] }]),
  );
}

/* The server cleans what it saves (a space at the end); the cursor shall not jump for it. */
function keepTyping(words) {
  const focused = document.activeElement?.dataset?.field;
  if (!focused) return words;
  const typed = valueOf(state.words, focused);
  const theirs = valueOf(words, focused);
  const cleaned = typeof typed === "string" && typed.trim() === theirs;
  return cleaned ? withValue(words, focused, typed) : words;
}

/* ── What outlives the page ──────────────────────────────────────────────── */

const nameOf = (me, id) => `${KEPT}${me}.${id}`;

function keep() {
  const values = unsavedValues();
  const name = nameOf(state.me, state.id);
  try {
    if (Object.keys(values).length) localStorage.setItem(name, JSON.stringify(values));
    else localStorage.removeItem(name);
    if (!state.kept) change({ kept: true });
  } catch {
    if (state.kept) change({ kept: false }); // too long for this browser: said beside the field
  }
}

function keptValues(me, id) {
  try {
    return JSON.parse(localStorage.getItem(nameOf(me, id))) ?? {};
  } catch {
    return {};
  }
}

/* ── Fields ──────────────────────────────────────────────────────────────── */

const UNSAID = { caption: null, title: null, first_comment: null, placements: ["feed"] };

export function valueOf(words, field) {
  const [name, network] = field.split("@");
  if (!network) return words[name];
  return (words.variants.find((each) => each.network === network) ?? UNSAID)[name];
}

function withValue(words, field, value) {
  const [name, network] = field.split("@");
  if (!network) return { ...words, [name]: value };
  const own = words.variants.find((each) => each.network === network) ?? { network, ...UNSAID };
  const others = words.variants.filter((each) => each.network !== network);
  return { ...words, variants: [...others, { ...own, [name]: value }] };
}

function without(fields, field) {
  const { [field]: _gone, ...rest } = fields;
  return rest;
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

if (typeof window !== "undefined") {
  addEventListener("beforeunload", (event) => {
    const waits = Object.values(state.unsaved).some(({ status }) => status !== "clash");
    if (waits && !state.kept) event.preventDefault();
  });
}
