/* What shall be changed: at least one tag and some words. What was begun stays when it is closed. */

import { useId, useRef, useState } from "react";
import { Dialog } from "./dialog.jsx";
import { Pins } from "./pins.jsx";
import { useWords } from "./words.jsx";

const LONGEST = 2000;
const MOST_SPOTS = 20;
const EMPTY = { tags: [], text: "", spots: [] };
const drafts = new Map(); // by post and round

export function ChangeRequest({ post, tags, sent, late, onSend, onClose }) {
  const words = useWords();
  const id = useId();
  const { id: postId, round, rounds_included: agreed, pictures } = post;
  const key = `${postId}/${round}`;
  const form = useRef(null);
  const [draft, setDraft] = useState(drafts.get(key) ?? EMPTY);
  const [lacks, setLacks] = useState("");
  const change = (part) => {
    const next = { ...draft, ...part };
    drafts.set(key, next);
    setDraft(next);
    setLacks("");
  };
  const toggle = (tag) =>
    change({ tags: draft.tags.includes(tag) ? draft.tags.filter((each) => each !== tag) : [...draft.tags, tag] });
  const submit = (event) => {
    event.preventDefault();
    const bare = draft.spots.findIndex((spot) => !spot.text.trim());
    const missing = !draft.tags.length ? "tags" : !draft.text.trim() ? "text" : bare >= 0 ? "spot" : "";
    setLacks(missing);
    const place = { tags: ".tag", text: "textarea", spot: `[data-spot="${bare}"]` }[missing];
    if (missing) form.current.querySelector(place).focus();
    else onSend(draft.tags, draft.text, draft.spots);
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
        {pictures.length > 0 && <Spots pictures={pictures} spots={draft.spots} onChange={(spots) => change({ spots })} />}
        {lacks === "spot" && (
          <p role="alert" className="lacks">
            {words.t("Say what to change at each spot, or take the spot out.")}
          </p>
        )}
        {round >= agreed && (
          <p className="quiet">{words.t("This asks for round {n}; {m} are agreed.", { n: round + 1, m: agreed })}</p>
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

/* Spots on the pictures, each with its own words; they are sent with the request. */
function Spots({ pictures, spots, onChange }) {
  const words = useWords();
  const list = useRef(null);
  const pins = spots.map((spot, index) => ({ ...spot, id: String(index), number: index + 1 }));
  const add = (asset, x, y) => {
    if (spots.length >= MOST_SPOTS) return;
    onChange([...spots, { asset, x, y, text: "" }]);
    requestAnimationFrame(() => list.current?.querySelector(`[data-spot="${spots.length}"]`)?.focus());
  };
  const say = (at, text) => onChange(spots.map((spot, index) => (index === at ? { ...spot, text } : spot)));
  return (
    <details className="spots">
      <summary>{words.t("Point at a picture")}</summary>
      {pictures.map((one) => (
        <Pins key={one.asset} asset={one.asset} src={one.url} alt={one.alt} pins={pins} onPin={add}
          onOpen={(id) => list.current?.querySelector(`[data-spot="${id}"]`)?.focus()} />
      ))}
      <ol ref={list}>
        {spots.map((spot, index) => (
          <li key={index}>
            <label className="field">
              <span>{words.t("At spot {n}", { n: index + 1 })}</span>
              <input data-spot={index} maxLength={LONGEST} dir="auto" value={spot.text} onChange={(event) => say(index, event.target.value)} />
            </label>
            <button type="button" className="link" onClick={() => onChange(spots.filter((_, at) => at !== index))}>
              {words.t("Take out")}
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
