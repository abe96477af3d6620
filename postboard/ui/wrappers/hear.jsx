/* For pages that only want to know that something changed: one call for all signals of a moment,
   and one when the page wakes up, for a phone in a pocket hears nothing. */

import { useEffect, useRef } from "react";
import { hear, hearOthers } from "./live.js";

const GATHER_MS = 200;
const MANY = "0".repeat(32);

/** `only`: the one post whose changes matter, and its `version` as it is known, beside what changes
    for all posts of a client; without it, every change matters. `onOthers`: people came to that
    post's page, or left it. */
export function Hear({ onSignal, onOthers, only, version = 0 }) {
  const tell = useRef({});
  tell.current = { onSignal, onOthers, version };
  useEffect(() => {
    let waiting;
    const soon = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        tell.current.onSignal();
      }, GATHER_MS);
    };
    const isNews = ([id, changed, , , , , client, , , , beside]) =>
      id === MANY || id === client || (id === only && (beside || changed > tell.current.version));
    const heard = (signals) => (!only || signals.some(isNews)) && soon();
    const met = (id) => id === only && tell.current.onOthers?.();
    const woke = () => document.visibilityState === "visible" && soon();
    const stop = hear(heard);
    const stopMeeting = hearOthers(met);
    document.addEventListener("visibilitychange", woke);
    window.addEventListener("online", soon);
    return () => {
      stop();
      stopMeeting();
      clearTimeout(waiting);
      document.removeEventListener("visibilitychange", woke);
      window.removeEventListener("online", soon);
    };
  }, [only]);
  return null;
}
