/* What a step must be told before it is taken: a reason, a person, a link. */

import { useState } from "react";
import { Dialog } from "./dialog.jsx";
import { useWords } from "./words.jsx";

/** `asks`: reason, change_request, person or link; `about` names the post. */
export function AskDialog({ asks, about, title, people, tags, onAnswer, onCancel }) {
  const words = useWords();
  const [chosen, setChosen] = useState([]);
  const wantsText = asks === "reason" || asks === "change_request";
  const submit = (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onAnswer({
      reason: form.get("reason") ?? "",
      person: form.get("person") ?? "",
      link: form.get("link") ?? "",
      tags: chosen,
    });
  };
  const toggle = (tag) =>
    setChosen(chosen.includes(tag) ? chosen.filter((each) => each !== tag) : [...chosen, tag]);
  return (
    <Dialog label={`${title} · ${about}`} onClose={onCancel}>
      <form className="dialog-form" onSubmit={submit}>
        {asks === "change_request" && (
          <fieldset className="tags">
            <legend>{words.t("What is it about?")}</legend>
            {Object.entries(tags).map(([tag, name]) => (
              <button
                key={tag}
                type="button"
                className="tag"
                aria-pressed={chosen.includes(tag)}
                onClick={() => toggle(tag)}
              >
                {name}
              </button>
            ))}
          </fieldset>
        )}
        {wantsText && (
          <label className="field">
            <span>{words.t("Reason")}</span>
            <textarea name="reason" rows={4} maxLength={2000} required autoFocus
              placeholder={words.t("Say what to change, so that nobody has to ask.")} />
          </label>
        )}
        {asks === "person" && (
          <label className="field">
            <span>{words.t("Who takes it?")}</span>
            <select name="person" required autoFocus defaultValue="">
              <option value="" disabled>{words.t("Choose a person")}</option>
              {people.map((person) => (
                <option key={person.value} value={person.value}>{person.name}</option>
              ))}
            </select>
          </label>
        )}
        {asks === "link" && (
          <label className="field">
            <span>{words.t("Link of the published post")}</span>
            <input name="link" type="url" required autoFocus maxLength={2048} placeholder="https://" />
          </label>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onCancel}>{words.t("Cancel")}</button>
          <button type="submit" className="button button-primary"
            disabled={asks === "change_request" && !chosen.length}>{title}</button>
        </div>
      </form>
    </Dialog>
  );
}
