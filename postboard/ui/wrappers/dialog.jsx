/* What floats over the page: dialogs and the small notes that come and go. */

import { useEffect, useRef, useSyncExternalStore } from "react";
import "@fontsource-variable/inter";
import { useWords } from "./words.jsx";

/** The browser's own modal: focus stays inside, Escape closes. */
export function Dialog({ label, onClose, children, kind = "" }) {
  const ref = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog ${kind}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <div className="dialog-body">
        {label && <h2>{label}</h2>}
        {children}
      </div>
    </dialog>
  );
}

const NOTE_MS = 6000;
let notes = [];
let lastNote = 0;
const listeners = new Set();

/** Say what happened, in a corner, for a few seconds; a refusal stays longer. */
export function toast(text, kind = "done") {
  lastNote += 1;
  const note = { id: lastNote, text, kind };
  publish([...notes.slice(-3), note]);
  setTimeout(() => dismiss(note.id), kind === "refused" ? 2 * NOTE_MS : NOTE_MS);
}

function dismiss(id) {
  publish(notes.filter((note) => note.id !== id));
}

function publish(next) {
  notes = next;
  listeners.forEach((listener) => listener());
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const NONE = [];

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => notes, () => NONE);
  const words = useWords();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((note) => (
        <div key={note.id} className="toast" data-kind={note.kind}>
          <span>{note.text}</span>
          <button type="button" aria-label={words.t("Close")} onClick={() => dismiss(note.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}

// Events sent by the server call it by this name.
if (typeof window !== "undefined") window.postboard = { ...window.postboard, toast };
