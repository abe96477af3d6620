/* The fields of a post: what is typed is seen at once everywhere and saved by itself. */

import { useSyncExternalStore } from "react";
import { Counters } from "./counter.jsx";
import { change, usePost } from "./post_store.js";

const told = {
  show: (post) => change(post),
};

if (typeof window !== "undefined") {
  window.postboard = { ...window.postboard, editor: (what, ...values) => told[what](...values) };
}

export function Editor({ limits, networks }) {
  const { words } = usePost();
  if (!words) return null;
  return (
    <>
      <textarea aria-label="Caption" value={words.caption} onChange={(event) => change({ words: { ...words, caption: event.target.value } })} />
      <Counters limits={limits} names={networks} />
    </>
  );
}
