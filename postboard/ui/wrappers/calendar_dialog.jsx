/* A post of the calendar: what it says, when it goes out, and a way to move it without a mouse. */

import { useEffect, useState } from "react";
import { dayOf, timeOf, wallOf } from "./clocks.js";
import { Dialog } from "./dialog.jsx";

const OVER = new Set(["published", "cancelled"]); // its time stays as it is

export function PostDialog({ post, client, more, free, close, risk, stateNames, networkNames, words, onMove, onFree, onClose }) {
  const wall = wallOf(post.at, client?.zone);
  const [day, setDay] = useState(dayOf(wall));
  const [time, setTime] = useState(timeOf(wall));
  useEffect(() => {
    if (!free) return;
    const slot = wallOf(Date.parse(free.at), client?.zone);
    setDay(dayOf(slot));
    setTime(timeOf(slot));
  }, [free]);
  useEffect(() => {
    setDay(dayOf(wall));
    setTime(timeOf(wall));
  }, [wall]);
  const iso = new Date(post.at).toISOString();
  const mayMove = client?.may_plan && !OVER.has(post.state);
  const differ = wallOf(post.at) !== wall;
  const submit = (event) => {
    event.preventDefault();
    if (day && time) onMove(`${day}T${time}`);
  };
  return (
    <Dialog label={post.key} onClose={onClose}>
      <div className="cal-post">
        {more?.picture && <img src={more.picture} alt="" className="cal-picture" />}
        <p dir="auto" data-empty={post.text ? undefined : ""}>{more?.text || post.text || words.t("No words yet")}</p>
        <p className="cal-facts">
          <span><i className="dot" data-state={post.state} aria-hidden="true" /> {stateNames[post.state]}</span>
          {post.networks.map((name) => <span key={name}>{networkNames[name] ?? name}</span>)}
          {post.who && <span>{post.who}</span>}
        </p>
        <p className="cal-times">
          <time dateTime={iso}>{words.date(iso, "daytime", client?.zone)}</time>
          {differ && <time className="quiet" dateTime={iso}>{words.t("{when} on your clock", { when: words.date(iso, "daytime") })}</time>}
        </p>
        {risk && <p className="cal-warning">◔ {risk}</p>}
        {close && <p className="cal-warning">⚠ {close}</p>}
      </div>
      <form className="dialog-form" onSubmit={submit}>
        {mayMove && (
          <WhenFields day={day} time={time} zone={client.zone} words={words} onDay={setDay} onTime={setTime} />
        )}
        <div className="dialog-buttons">
          <a className="button" href={`/post/?key=${post.key}`}>{words.t("Open the post")}</a>
          {mayMove && (
            <button type="button" className="button" onClick={onFree}>{words.t("Next free posting time")}</button>
          )}
          {mayMove && (
            <button type="submit" className="button button-primary">{words.t("Move")}</button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** A day and a time for an idea. */
export function IdeaDialog({ idea, client, words, onPlace, onClose }) {
  const [day, setDay] = useState(idea.wished_on || dayOf(wallOf(Date.now(), client?.zone)));
  const [time, setTime] = useState("10:00");
  const submit = (event) => {
    event.preventDefault();
    if (day && time) onPlace(`${day}T${time}`);
  };
  return (
    <Dialog label={words.t("Make a post of it")} onClose={onClose}>
      <p dir="auto">{idea.text}</p>
      <form className="dialog-form" onSubmit={submit}>
        <WhenFields day={day} time={time} zone={client?.zone} words={words} onDay={setDay} onTime={setTime} />
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>{words.t("Cancel")}</button>
          <button type="submit" className="button button-primary">{words.t("Make a post")}</button>
        </div>
      </form>
    </Dialog>
  );
}

/* On the clock of the client; the day has the focus. */
function WhenFields({ day, time, zone, words, onDay, onTime }) {
  return (
    <div className="two-fields">
      <label className="field">
        <span>{words.t("Date")}</span>
        <input type="date" value={day} required min="2000-01-01" max="2100-12-31" autoFocus onChange={(event) => onDay(event.target.value)} />
      </label>
      <label className="field">
        <span>{words.t("Time, in the time of {zone}", { zone: zone ?? "" })}</span>
        <input type="time" value={time} required onChange={(event) => onTime(event.target.value)} />
      </label>
    </div>
  );
}
