/* The end of a form whose words lie in a draft: Keep, Ctrl+S, and Cancel. By whatever way the form
   is left, what was typed in it is not dropped unasked. */

import { useEffect, useRef, useState } from "react";
import { useBlocker } from "react-router";
import { Dialog } from "./dialog.jsx";
import { useWords } from "./words.jsx";

/** `changed`: the form came with something that is not in the draft; `kept` grows whenever what it
    says is. The fields of `aside` say nothing that could be lost; `named` is the one with its name. */
export function KeepBar({ changed, kept, aside, named, onKeep, onCancel }) {
  const words = useWords();
  const ref = useRef(null);
  const draft = useRef(null);
  const sent = useRef(null);
  const atFirst = useRef(kept);
  const keep = useRef(onKeep);
  keep.current = onKeep;
  const [typed, setTyped] = useState(false);
  const [asking, setAsking] = useState(false);
  const said = () => JSON.stringify([...new FormData(ref.current.form)].filter(([name]) => !aside.includes(name)));
  const isTyped = () => Boolean(ref.current) && said() !== draft.current;
  const last = useRef(isTyped);
  last.current = isTyped;

  useEffect(() => {
    draft.current = changed ? null : said();
    const form = ref.current.form;
    const look = () => setTyped(last.current());
    const onKey = (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      if (!form.reportValidity()) return;
      sent.current = said();
      keep.current(Object.fromEntries(new FormData(form)));
    };
    const onLeave = (event) => last.current() && event.preventDefault();
    look();
    form.addEventListener("input", look);
    document.addEventListener("keydown", onKey);
    addEventListener("beforeunload", onLeave);
    return () => {
      form.removeEventListener("input", look);
      document.removeEventListener("keydown", onKey);
      removeEventListener("beforeunload", onLeave);
    };
  }, []);
  useEffect(() => {
    if (kept === atFirst.current) return;
    draft.current = sent.current;
    setTyped(isTyped());
  }, [kept]);
  const blocker = useBlocker(
    ({ currentLocation: from, nextLocation: to }) => from.pathname + from.search !== to.pathname + to.search && last.current(),
  );

  const leaving = blocker.state === "blocked";
  const stay = () => {
    setAsking(false);
    if (leaving) blocker.reset();
  };
  const title = () => ref.current.form.elements[named].value.trim();
  const drop = leaving ? () => blocker.proceed() : () => onCancel();
  return (
    <>
      <div className="guideline-keep">
        <button ref={ref} type="submit" className="button button-primary" aria-keyshortcuts="Control+S Meta+S">
          {words.t("Keep")}
        </button>
        <button type="button" className="button" onClick={() => (isTyped() ? setAsking(true) : onCancel())}>
          {words.t("Cancel")}
        </button>
        <span role="status" className="quiet">
          {kept !== atFirst.current && !typed ? words.t("Saved in the draft.") : words.t("Ctrl+S saves.")}
        </span>
      </div>
      {(asking || leaving) && (
        <Dialog label={words.t("Discard what you typed")} onClose={stay}>
          <div className="dialog-form">
            <p dir="auto">
              {title()
                ? words.t("What you typed in “{title}” is not in the draft yet.", { title: title() })
                : words.t("What you typed is not in the draft yet.")}
            </p>
            <div className="dialog-buttons">
              <button type="button" className="button" onClick={stay}>
                {words.t("Go on writing")}
              </button>
              <button type="button" className="button button-primary" onClick={drop}>
                {words.t("Discard")}
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
