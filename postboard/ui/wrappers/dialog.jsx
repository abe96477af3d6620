/* What floats over the page: dialogs and the small notes that come and go. */

import { useEffect, useRef, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import "@fontsource-variable/inter";
import { useWords } from "./words.jsx";

/** The browser's own modal: focus stays inside, Escape closes. */
export function Dialog({ label, onClose, children, kind = "" }) {
  const ref = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    const dialog = ref.current;
    dialog.showModal();
    publish({ dialogs: [...floating.dialogs, dialog] });
    return () => {
      publish({ dialogs: floating.dialogs.filter((each) => each !== dialog) });
      before?.focus?.();
    };
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

/* A menu closes by Escape, which leads back to its door, and by a click elsewhere. */
const OPEN_MENU = "details[data-menu][open]";
if (typeof document !== "undefined") {
  const close = (menu) => menu.removeAttribute("open");
  document.addEventListener("click", ({ target }) => {
    document.querySelectorAll(OPEN_MENU).forEach((menu) => menu.contains(target) || target.closest("dialog") || close(menu));
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const menu = event.key === "Escape" && !document.querySelector("dialog[open]") && document.querySelector(OPEN_MENU);
      if (!menu) return;
      event.stopPropagation();
      close(menu);
      menu.querySelector("summary").focus();
    },
    true,
  );
}

const NOTE_MS = 6000;
const NOTHING = { notes: [], dialogs: [] };
let floating = NOTHING;
let lastNote = 0;
const listeners = new Set();

/** Say what happened, in a corner, for a few seconds; a refusal stays longer. */
export function toast(text, kind = "done") {
  lastNote += 1;
  const note = { id: lastNote, text, kind };
  publish({ notes: [...floating.notes.slice(-3), note] });
  setTimeout(() => dismiss(note.id), kind === "refused" ? 2 * NOTE_MS : NOTE_MS);
}

function dismiss(id) {
  publish({ notes: floating.notes.filter((note) => note.id !== id) });
}

function publish(change) {
  floating = { ...floating, ...change };
  listeners.forEach((listener) => listener());
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Notes stand in the topmost dialog, since all else is dimmed and silent while it is open. */
export function Toasts() {
  const { notes, dialogs } = useSyncExternalStore(subscribe, () => floating, () => NOTHING);
  const words = useWords();
  const shown = (
    <div className="toasts" role="status" aria-live="polite">
      {notes.map((note) => (
        <div key={note.id} className="toast" data-kind={note.kind}>
          <span>{note.text}</span>
          <button type="button" aria-label={words.t("Dismiss this note")} onClick={() => dismiss(note.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
  return dialogs.length ? createPortal(shown, dialogs.at(-1)) : shown;
}

// Events sent by the server call it by this name.
if (typeof window !== "undefined") window.postboard = { ...window.postboard, toast };
