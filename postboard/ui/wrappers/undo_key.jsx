/* Ctrl+Z or Cmd+Z takes back what a note on the page offers to; in a field it is the field's own. */

import { useEffect, useRef } from "react";

export function UndoKey({ onUndo }) {
  useUndoKey(true, onUndo);
  return null;
}

/** Once for each time that it is `active`: what was taken back is not taken back twice. */
export function useUndoKey(active, undo) {
  const last = useRef(undo);
  last.current = undo;
  useEffect(() => {
    if (!active) return undefined;
    const onKey = (event) => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (event.target.closest?.("input:not([type=checkbox],[type=radio]),textarea,select,dialog,[contenteditable]")) return;
      event.preventDefault();
      document.removeEventListener("keydown", onKey);
      last.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [active]);
}
