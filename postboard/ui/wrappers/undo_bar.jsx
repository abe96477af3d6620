/* After a decision: for ten seconds the way back, by tap, by keyboard or by Ctrl+Z. */

import { useEffect, useRef, useState } from "react";
import { useWords } from "./words.jsx";

const UNDO_S = 10;

/** `number` names the decision, 0 is none; `text` says what was decided. */
export function UndoBar({ number, text, onUndo }) {
  const words = useWords();
  const ref = useRef(null);
  const [left, setLeft] = useState(0);
  const [sent, setSent] = useState(0);
  const open = number > 0 && left > 0;
  const undo = () => {
    setSent(number);
    onUndo(number);
  };
  useEffect(() => {
    const end = Date.now() + UNDO_S * 1000;
    const count = () => setLeft(number ? Math.max(0, Math.ceil((end - Date.now()) / 1000)) : 0);
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [number]);
  useEffect(() => {
    if (!open || sent === number) return undefined;
    const onKey = (event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (event.target.closest("input,textarea,select,dialog,[contenteditable]")) return;
      event.preventDefault();
      undo();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [open, number, sent, onUndo]);
  useEffect(() => {
    // Whoever stood on the button goes on with the post, not at the beginning of the page.
    const button = ref.current;
    return () => {
      if (open && document.activeElement === button) document.querySelector(".deck h2, .review-thanks h2")?.focus();
    };
  }, [open]);
  if (!open) return null;
  return (
    <div className="undo-bar" role="group" aria-label={words.t("Undo")}>
      <span>{text}</span>
      <span className="undo-left" aria-hidden="true">{left}</span>
      <button ref={ref} type="button" aria-keyshortcuts="Control+Z" disabled={sent === number} onClick={undo}>
        {words.t("Undo")}
      </button>
    </div>
  );
}
