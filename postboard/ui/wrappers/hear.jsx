/* For pages that only want to know that something changed: one call for all signals of a moment,
   and one when the page wakes up, for a phone in a pocket hears nothing. */

import { useEffect, useRef } from "react";
import { hear } from "./live.js";

const GATHER_MS = 200;
const MANY = "0".repeat(32);

/** `only`: the one post whose changes matter; without it, every post's do. */
export function Hear({ onSignal, only }) {
  const tell = useRef(onSignal);
  tell.current = onSignal;
  useEffect(() => {
    let waiting;
    const soon = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        tell.current();
      }, GATHER_MS);
    };
    const heard = (signals) => (!only || signals.some(([id]) => id === only || id === MANY)) && soon();
    const woke = () => document.visibilityState === "visible" && soon();
    const stop = hear(heard);
    document.addEventListener("visibilitychange", woke);
    window.addEventListener("online", soon);
    return () => {
      stop();
      clearTimeout(waiting);
      document.removeEventListener("visibilitychange", woke);
      window.removeEventListener("online", soon);
    };
  }, [only]);
  return null;
}
