/* The fields of a post: what is typed is seen at once everywhere and saved by itself. */

import { useSyncExternalStore } from "react";
import { change, usePost } from "./post_store.js";

const told = {
  show: (post) => change(post),
};

if (typeof window !== "undefined") {
  window.postboard = { ...window.postboard, editor: (what, ...values) => told[what](...values) };
}

export function Editor() {
  const { words } = usePost();
  if (!words) return null;
  return <textarea value={words.caption} onChange={(event) => change({ words: { ...words, caption: event.target.value } })} />;
}
