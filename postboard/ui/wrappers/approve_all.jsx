/* Every waiting post in one list, to approve in one gesture: what it will approve is what is ticked. */

import { useEffect, useState } from "react";
import { Dialog } from "./dialog.jsx";
import { useWords } from "./words.jsx";

/** `choices`: `{ id, revision, round, text, picture, at, zone }` of each; empty until they are read. */
export function ApproveAll({ choices, sent, late, onApprove, onChange, onClose }) {
  const words = useWords();
  const [left, setLeft] = useState(new Set());
  const [shown, setShown] = useState([]); // what is judged stays as it was read
  useEffect(() => {
    if (!shown.length && choices.length) setShown(choices);
  }, [choices]);
  const chosen = shown.filter((one) => !left.has(one.id));
  const toggle = (id) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  return (
    <Dialog label={words.t("Approve all")} kind="sheet" onClose={onClose}>
      <div className="approve-all" aria-busy={!shown.length || undefined}>
        <p className="quiet">{words.t("What is ticked is approved. The rest keeps waiting for you.")}</p>
        <ul>
          {shown.map((one) => (
            <li key={one.id}>
              <label>
                <input type="checkbox" checked={!left.has(one.id)} onChange={() => toggle(one.id)} />
                {one.picture && <img src={one.picture} alt="" loading="lazy" decoding="async" />}
                <span className="approve-words">
                  <span dir="auto">{one.text || words.t("No words")}</span>
                  <span className="quiet">
                    <span>{one.at ? words.date(one.at, "daytime", one.zone) : words.t("No date yet")}</span>
                    <span>{words.t("Revision {n}", { n: one.revision })}</span>
                  </span>
                </span>
              </label>
              <button type="button" className="link" aria-label={words.t("Request changes: {what}", { what: one.text })}
                disabled={Boolean(sent)} onClick={() => onChange(one.id)}>
                {words.t("Change…")}
              </button>
            </li>
          ))}
        </ul>
        {late && <p role="alert" className="lacks">{words.t("No answer came. Check your connection, then tap again: it counts only once.")}</p>}
        <div className="sheet-buttons">
          <button type="button" className="button" onClick={onClose}>
            {words.t("Back")}
          </button>
          <button type="button" className="button button-primary" disabled={!chosen.length || Boolean(sent)}
            data-sent={sent ? "" : undefined} onClick={() => onApprove(chosen)}>
            {words.plural("Approve {n} post", "Approve {n} posts", chosen.length)}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
