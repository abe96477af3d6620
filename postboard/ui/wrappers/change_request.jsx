/* What shall be changed: at least one tag and some words. What was begun stays when it is closed. */

import { useId, useRef, useState } from "react";
import { Dialog } from "./dialog.jsx";
import { useWords } from "./words.jsx";

const LONGEST = 2000;
const EMPTY = { tags: [], text: "" };
const drafts = new Map(); // by post and round

export function ChangeRequest({ round, tags, sent, late, onSend, onClose }) {
  const words = useWords();
  const id = useId();
  const form = useRef(null);
  const [draft, setDraft] = useState(drafts.get(round) ?? EMPTY);
  const [lacks, setLacks] = useState("");
  const change = (part) => {
    const next = { ...draft, ...part };
    drafts.set(round, next);
    setDraft(next);
    setLacks("");
  };
  const toggle = (tag) =>
    change({ tags: draft.tags.includes(tag) ? draft.tags.filter((each) => each !== tag) : [...draft.tags, tag] });
  const submit = (event) => {
    event.preventDefault();
    const missing = !draft.tags.length ? "tags" : !draft.text.trim() ? "text" : "";
    setLacks(missing);
    if (missing) form.current.querySelector(missing === "tags" ? ".tag" : "textarea").focus();
    else onSend(draft.tags, draft.text);
  };
  return (
    <Dialog label={words.t("What shall we change?")} kind="sheet" onClose={onClose}>
      <form ref={form} className="dialog-form" onSubmit={submit} noValidate>
        <fieldset className="tags" aria-describedby={lacks === "tags" ? `${id}-tags` : undefined}>
          <legend>{words.t("What is it about?")}</legend>
          {Object.entries(tags).map(([tag, name]) => (
            <button key={tag} type="button" className="tag" aria-pressed={draft.tags.includes(tag)} onClick={() => toggle(tag)}>
              {name}
            </button>
          ))}
          {lacks === "tags" && (
            <p id={`${id}-tags`} role="alert" className="lacks">
              {words.t("Choose at least one, so that it lands with the right person.")}
            </p>
          )}
        </fieldset>
        <label className="field">
          <span>{words.t("In your words")}</span>
          <textarea
            rows={4}
            maxLength={LONGEST}
            dir="auto"
            value={draft.text}
            aria-invalid={lacks === "text" ? true : undefined}
            aria-describedby={lacks === "text" ? `${id}-text` : undefined}
            onChange={(event) => change({ text: event.target.value })}
          />
        </label>
        {lacks === "text" && (
          <p id={`${id}-text`} role="alert" className="lacks">
            {words.t("Say in a few words what to change, so that nobody has to guess.")}
          </p>
        )}
        {late && <p role="alert" className="lacks">{words.t("No answer came. Check your connection, then tap again: it counts only once.")}</p>}
        <div className="sheet-buttons">
          <button type="button" className="button" onClick={onClose}>
            {words.t("Back")}
          </button>
          <button type="submit" className="button button-primary" disabled={Boolean(sent)} data-sent={sent ? "" : undefined}>
            {words.t("Send")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
