/* For some seconds after something was done: the way back, by tap, by keyboard or by Ctrl+Z. */

import { useEffect, useRef, useState } from "react";
import { useUndoKey } from "./undo_key.jsx";
import { useWords } from "./words.jsx";

/** `mark` names what was done, `seconds` are left to take it back; `text` says it; `then` is where
    whoever stood on the button goes on. */
export function UndoBar({ mark, seconds, text, then, onUndo }) {
  const words = useWords();
  const ref = useRef(null);
  const [left, setLeft] = useState(0);
  const [sent, setSent] = useState("");
  const open = mark && left > 0;
  const undo = () => {
    setSent(mark);
    onUndo(mark);
  };
  useEffect(() => {
    const end = Date.now() + seconds * 1000;
    const count = () => setLeft(mark ? Math.max(0, Math.ceil((end - Date.now()) / 1000)) : 0);
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [mark, seconds]);
  useUndoKey(Boolean(open) && sent !== mark, undo);
  useEffect(() => {
    // Not at the beginning of the page.
    const button = ref.current;
    return () => {
      if (open && document.activeElement === button) document.querySelector(then)?.focus();
    };
  }, [open]);
  if (!open) return null;
  return (
    <div className="undo-bar" role="group" aria-label={words.t("Undo")}>
      <span>{text}</span>
      <span className="undo-left" aria-hidden="true">{left}</span>
      <button ref={ref} type="button" aria-keyshortcuts="Control+Z Meta+Z" disabled={sent === mark} onClick={undo}>
        {words.t("Undo")}
      </button>
    </div>
  );
}
