/* The post as it stands in this browser: what the server saved, and what is being typed over it.
   Editor, previews and counters all look here, so typing never waits for the server. */

import { useSyncExternalStore } from "react";

const NOTHING = Object.freeze({ id: "", words: null, network: "", accounts: {}, client: {} });
let state = NOTHING;
const listeners = new Set();

/** `{ id, words, network, accounts, client }`: words as domain.content.Words, as typed so far;
    `network` is the one that is looked at, "" for the master; `client` is `{ name, hue, zone }`. */
export function usePost() {
  return useSyncExternalStore(subscribe, current, () => NOTHING);
}

export const current = () => state;

export function change(part) {
  state = Object.freeze({ ...state, ...part });
  listeners.forEach((listener) => listener());
}

/** Another value of one field of the words, as its person types it. */
export function edit(field, value) {
  change({ words: { ...state.words, [field]: value } });
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
