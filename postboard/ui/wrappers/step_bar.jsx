/* What may be done with the post now: the next step as one button with what it will do, the others
   behind it. A step is taken on saved words only, and once, however often it is sent. */

import { useEffect, useRef, useState } from "react";
import { AskDialog } from "./ask_dialog.jsx";
import { commandId } from "./command.js";
import { SaveLine } from "./editor.jsx";
import { flush } from "./post_store.js";
import { useWords } from "./words.jsx";

const PATIENCE_MS = 10_000;
const BACKWARD = new Set(["recall", "unschedule", "hold"]); // to be had, not to be urged

/** `steps`: the actor's steps as `{ action, asks }`, the first one is next; `draft`: there are unsent
    words of one's own; `stepped`: the last command that was answered. */
export function StepBar({ post, steps, names, does, people, tags, willAsk, draft, stepped, onStep, onSend, onDiscard }) {
  const words = useWords();
  const [asking, setAsking] = useState(null);
  const [command, begin] = useCommand(stepped, onStep);
  const [blocked, setBlocked] = useState(false);
  const [message, setMessage] = useState("");
  const menu = useRef(null);
  const version = useRef(0);
  version.current = post.version;

  const take = async (step, answer = {}) => {
    setAsking(null);
    menu.current?.removeAttribute("open");
    const whole = await flush();
    setBlocked(!whole);
    if (!whole) return;
    const asks = willAsk.some((one) => one.action === step.action);
    begin(post.id, version.current, step.action, asks ? { ...answer, message } : answer);
    setMessage("");
  };
  const choose = (step) => (step.asks ? setAsking(step) : take(step));
  const send = async () => {
    const whole = await flush();
    setBlocked(!whole);
    if (whole) onSend(post.id, version.current);
  };

  const [next, ...rest] = steps;
  const title = (step) => names[step.action];
  const asked = !draft && next && willAsk.find((one) => one.action === next.action);
  return (
    <div className="step-bar">
      <SaveLine />
      {blocked && <p role="alert" className="problem">{words.t("First settle the marked fields.")}</p>}
      {draft ? (
        <div className="steps">
          <button type="button" className="button" onClick={() => onDiscard(post.id)}>{words.t("Discard my draft")}</button>
          <button type="button" className="button button-primary" onClick={send}>
            {post.open_to_edits
              ? words.t("Put my draft into the post")
              : words.t("Send revision {n} for review", { n: post.revision + 1 })}
          </button>
        </div>
      ) : (
        <div className="steps">
          {rest.length > 0 && (
            <details ref={menu} className="step-menu">
              <summary className="button">{words.t("Other steps")}</summary>
              <div className="step-list">
                {rest.map((step) => (
                  <button key={step.action} type="button" className="dialog-choice" data-action={step.action}
                    disabled={Boolean(command)} onClick={() => choose(step)}>
                    <span>{title(step)}</span>
                    <span className="quiet">{does[step.action]}</span>
                  </button>
                ))}
              </div>
            </details>
          )}
          {next && (
            <button type="button" className={`button ${BACKWARD.has(next.action) ? "" : "button-primary"}`} data-action={next.action}
              disabled={Boolean(command)} onClick={() => choose(next)} aria-describedby="step-does">
              {title(next)}
            </button>
          )}
        </div>
      )}
      <p id="step-does" className="step-does quiet">
        {draft ? whatSendingDoes(words, post) : next && does[next.action]}
      </p>
      {asked && <Asking asked={asked} message={message} onMessage={setMessage} />}
      {asking && (
        <AskDialog asks={asking.asks} about={post.key} title={title(asking)} people={people} tags={tags}
          onCancel={() => setAsking(null)} onAnswer={(answer) => take(asking, answer)} />
      )}
    </div>
  );
}

const MESSAGE_MAX = 1000;
const NAMED = 4;

/* Whom the next step asks, and a word to them for whoever has one. */
function Asking({ asked, message, onMessage }) {
  const words = useWords();
  return (
    <details className="asking">
      <summary>
        <span className="quiet">{whoIsAsked(words, asked)}</span>
        <span className="link">{words.t("Add a message")}</span>
      </summary>
      <textarea rows={3} maxLength={MESSAGE_MAX} dir="auto" value={message} aria-label={words.t("Message to them")}
        placeholder={words.t("What should they look at?")} onChange={(event) => onMessage(event.target.value)} />
    </details>
  );
}

function whoIsAsked(words, { people, rule, name }) {
  const more = people.length - NAMED;
  const shown = people.slice(0, NAMED).join(", ");
  const names = more > 0 ? words.plural("{names} and {n} other", "{names} and {n} others", more, { names: shown }) : shown;
  if (!people.length) return words.t("Nobody may approve yet");
  const said = people.length === 1
    ? words.t("Asks {names}", { names })
    : rule === "all" ? words.t("Asks all of {names}", { names }) : words.t("Asks one of {names}", { names });
  return name ? `${name} · ${said}` : said;
}

const whatSendingDoes = (words, post) =>
  post.open_to_edits
    ? words.t("Your words become the post’s; it can be submitted then.")
    : words.t("It goes back to internal review; the words that were judged stay on record.");

/* The step that is on its way; it is sent again until the server has answered its number. */
function useCommand(stepped, onStep) {
  const [command, setCommand] = useState(null);
  useEffect(() => {
    if (command && stepped === command.id) setCommand(null);
  }, [stepped, command]);
  useEffect(() => {
    if (!command) return undefined;
    command.send();
    const timer = setInterval(command.send, PATIENCE_MS);
    return () => clearInterval(timer);
  }, [command]);
  const begin = (post, version, action, { reason = "", tags = [], person = "", link = "", message = "" }) => {
    const id = commandId();
    setCommand({ id, send: () => onStep(id, post, version, action, reason, tags, person, link, message) });
  };
  return [command, begin];
}
