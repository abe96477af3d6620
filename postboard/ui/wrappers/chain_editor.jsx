/* Who approves, stage after stage: the agency's, then the client's. What is typed stays in the
   browser until it is saved; a refusal stands at the stage it is about. */

import { useEffect, useId, useRef, useState } from "react";
import { Dialog } from "./dialog.jsx";
import { useWords } from "./words.jsx";

const SIDES = ["internal", "client"];
const NAME_MAX = 80;
const REASON_MAX = 1000;
const PEOPLE = "people";
let lastKey = 0;
const keyed = (stage) => ({ ...stage, key: ++lastKey, who: stage.people.length ? PEOPLE : stage.role });
const plain = (side) => keyed({ side, name: "", role: "", people: [], rule: "any", hours: 0 });

/** `read` counts how often the server was asked for the chain: then what was typed gives way. */
export function ChainEditor({ chain, problem, read, roles, presets, limits, onSave, onDrop, onReload, onClose, onGone }) {
  const words = useWords();
  const gone = useRef(onGone);
  gone.current = onGone;
  useEffect(() => () => gone.current(), []);
  const title = chain.post_id || chain.campaign_id
    ? words.t("Who approves {what}", { what: chain.about })
    : words.t("Who approves for {client}", { client: chain.about });
  return (
    <Dialog label={title} kind="wide" onClose={onClose}>
      <Form key={read} {...{ chain, problem, roles, presets, limits, onSave, onDrop, onReload, onClose }} />
    </Dialog>
  );
}

function Form({ chain, problem, roles, presets, limits, onSave, onDrop, onReload, onClose }) {
  const words = useWords();
  const scope = [chain.client_id, chain.campaign_id, chain.post_id];
  const isOverride = Boolean(chain.campaign_id || chain.post_id);
  const [stages, setStages] = useState(() => chain.stages.map(keyed));
  const [reason, setReason] = useState(chain.reason);
  const [seen, setSeen] = useState(null); // the problem that typing has answered since
  const [nobody, setNobody] = useState(null); // the stage that names people, but none
  const list = useRef(null);
  const focus = useRef(null);
  useEffect(() => {
    if (!focus.current) return;
    list.current.querySelector(focus.current)?.focus();
    focus.current = null;
  });
  const shown = problem === seen ? null : problem;
  const change = (next) => {
    setSeen(problem);
    setNobody(null);
    setStages(next);
  };
  const ordered = SIDES.flatMap((side) => stages.filter((stage) => stage.side === side));
  const edit = (key, part) => change(ordered.map((stage) => (stage.key === key ? { ...stage, ...part } : stage)));
  const add = (side) => {
    const stage = plain(side);
    focus.current = `[data-stage="${stage.key}"] input`;
    change([...ordered, stage]);
  };
  const remove = (key) => {
    const side = ordered.find((stage) => stage.key === key).side;
    focus.current = `[data-add="${side}"]`;
    change(ordered.filter((stage) => stage.key !== key));
  };
  const move = (key, by) => {
    const from = ordered.findIndex((stage) => stage.key === key);
    const other = ordered[from + by];
    if (other?.side !== ordered[from].side) return;
    const next = [...ordered];
    [next[from], next[from + by]] = [other, ordered[from]];
    focus.current = `[data-stage="${key}"] .stage-name`;
    change(next);
  };
  const problemOf = (stage, at) =>
    nobody === stage.key
      ? words.t("Tick at least one person, or choose who else decides.")
      : shown?.stage === at ? words.said(shown.said) : "";
  const submit = (event) => {
    event.preventDefault();
    const empty = ordered.find((stage) => stage.who === PEOPLE && !stage.people.length);
    if (empty) {
      focus.current = `[data-stage="${empty.key}"] [type="checkbox"]`;
      setNobody(empty.key);
      return;
    }
    setSeen(null);
    onSave(...scope, chain.version, reason, ordered.map(given));
  };
  return (
    <form className="dialog-form chain-form" onSubmit={submit}>
      <Presets presets={presets} stages={ordered} onChoose={(sides) => change(sides.map(plain))}
        onCustom={() => list.current.querySelector("select, button").focus()} />
      <div ref={list} className="chain-sides">
        {SIDES.map((side) => (
          <section key={side}>
            <h3>{side === "internal" ? words.t("The agency") : words.t("The client")}</h3>
            <div className="stages">
              {ordered.map((stage, at) => stage.side === side && (
                <Stage key={stage.key} stage={stage} number={at + 1} roles={roles[side]}
                  people={chain.people.filter((person) => person.side === side)}
                  hours={side === "client" ? chain.response_hours : 0} limits={limits}
                  isFirst={ordered[at - 1]?.side !== side} isLast={ordered[at + 1]?.side !== side}
                  problem={problemOf(stage, at)}
                  onEdit={(part) => edit(stage.key, part)} onMove={(by) => move(stage.key, by)}
                  onRemove={() => remove(stage.key)} />
              ))}
            </div>
            <button type="button" className="button button-quiet" data-add={side}
              disabled={ordered.length >= limits.stages} onClick={() => add(side)}>
              {side === "internal" ? words.t("Add a stage of the agency") : words.t("Add a stage of the client")}
            </button>
          </section>
        ))}
      </div>
      {isOverride && (
        <label className="field">
          <span>{words.t("Why it differs from the client’s chain")}</span>
          <textarea rows={2} maxLength={REASON_MAX} required dir="auto" value={reason}
            onChange={(event) => setReason(event.target.value)} />
        </label>
      )}
      <p className="hint">{words.t("Requests under way keep the stages they were opened with.")}</p>
      <div role="alert">
        {shown && shown.stage < 0 && <p className="problem">{words.said(shown.said)}</p>}
        {shown?.stale && (
          <button type="button" className="link" onClick={() => onReload(...scope)}>
            {words.t("Load the newest; what you changed here is lost")}
          </button>
        )}
      </div>
      <div className="dialog-buttons">
        {isOverride && chain.version > 0 && (
          <button type="button" className="button button-quiet" onClick={() => onDrop(...scope, chain.version)}>
            {words.t("Follow the client’s chain again")}
          </button>
        )}
        <span className="grow" />
        <button type="button" className="button" onClick={onClose}>{words.t("Cancel")}</button>
        <button type="submit" className="button button-primary">{words.t("Save")}</button>
      </div>
    </form>
  );
}

/* The four usual ways; whatever else the stages are is custom, so whoever wants that goes on there. */
function Presets({ presets, stages, onChoose, onCustom }) {
  const words = useWords();
  const name = useId();
  const isPlain = stages.every((stage) => !stage.name && !stage.who && !stage.hours);
  const sides = stages.map((stage) => stage.side).join();
  const at = isPlain ? presets.findIndex((one) => one.sides.join() === sides) : -1;
  return (
    <fieldset className="choice">
      <legend>{words.t("Approval")}</legend>
      {presets.map((one, index) => (
        <label key={one.name} className="check">
          <input type="radio" name={name} checked={index === at} onChange={() => onChoose(one.sides)} />
          <span>{one.name}</span>
        </label>
      ))}
      <label className="check">
        <input type="radio" name={name} checked={at < 0} onChange={onCustom} />
        <span>{words.t("Custom stages")}</span>
      </label>
    </fieldset>
  );
}

function Stage({ stage, number, roles, people, hours, limits, isFirst, isLast, problem, onEdit, onMove, onRemove }) {
  const words = useWords();
  const id = useId();
  const named = { n: number };
  const keys = (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.altKey) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    <div className="stage" data-stage={stage.key} data-wrong={problem ? "" : undefined} onKeyDown={keys}
      role="group" aria-label={words.t("Stage {n}", named)} aria-describedby={problem ? id : undefined}>
      <div className="stage-head">
        <span className="stage-number" aria-hidden="true">{number}</span>
        <input className="stage-name" value={stage.name} maxLength={NAME_MAX} dir="auto" aria-label={words.t("Name of stage {n}", named)}
          placeholder={words.t("A name, such as “Legal”")} aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          onChange={(event) => onEdit({ name: event.target.value })} />
        <button type="button" className="stage-button" disabled={isFirst} title={words.t("Move up (Alt ↑)")}
          aria-label={words.t("Move stage {n} up", named)} onClick={() => onMove(-1)}>↑</button>
        <button type="button" className="stage-button" disabled={isLast} title={words.t("Move down (Alt ↓)")}
          aria-label={words.t("Move stage {n} down", named)} onClick={() => onMove(1)}>↓</button>
        <button type="button" className="stage-button" title={words.t("Remove")}
          aria-label={words.t("Remove stage {n}", named)} onClick={onRemove}>×</button>
      </div>
      <div className="stage-fields">
        <label className="field">
          <span>{words.t("Who decides")}</span>
          <select value={stage.who} onChange={(event) => onEdit({ who: event.target.value })}>
            <option value="">{words.t("Whoever may approve")}</option>
            {roles.map((role) => <option key={role.value} value={role.value}>{role.name}</option>)}
            <option value={PEOPLE}>{words.t("Named people")}</option>
          </select>
        </label>
        {stage.who && (
          <label className="field">
            <span>{words.t("How many must say yes")}</span>
            <select value={stage.rule} onChange={(event) => onEdit({ rule: event.target.value })}>
              <option value="any">{words.t("One of them")}</option>
              <option value="all">{words.t("All of them")}</option>
            </select>
          </label>
        )}
        <label className="field stage-hours">
          <span>{words.t("Due in working hours")}</span>
          <input type="number" min={1} max={limits.hours} step={1} value={stage.hours || ""}
            placeholder={hours ? words.t("{n}, as agreed", { n: hours }) : words.t("No time")}
            onChange={(event) => onEdit({ hours: Math.trunc(Number(event.target.value)) || 0 })} />
        </label>
      </div>
      {stage.who === PEOPLE && <People people={people} stage={stage} onEdit={onEdit} />}
      {problem && <p id={id} role="alert" className="problem">{problem}</p>}
    </div>
  );
}

/* Who is named but may not decide any more is shown too, so that they can be taken out. */
function People({ people, stage, onEdit }) {
  const words = useWords();
  const known = people.map((person) => person.id);
  const lost = stage.people.filter((id) => !known.includes(id));
  const toggle = (id) =>
    onEdit({ people: stage.people.includes(id) ? stage.people.filter((each) => each !== id) : [...stage.people, id] });
  return (
    <fieldset className="stage-people">
      <legend className="unseen">{words.t("Named people")}</legend>
      {people.map((person) => (
        <label key={person.id} className="check">
          <input type="checkbox" checked={stage.people.includes(person.id)} onChange={() => toggle(person.id)} />
          <span dir="auto">{person.name}</span>
        </label>
      ))}
      {lost.map((id) => (
        <label key={id} className="check">
          <input type="checkbox" checked onChange={() => toggle(id)} />
          <span>{words.t("Somebody who may not approve any more")}</span>
        </label>
      ))}
      {!people.length && !lost.length && <p className="quiet">{words.t("Nobody may approve on this side yet.")}</p>}
    </fieldset>
  );
}

/* As the server takes it; people who were ticked before another choice stay out. */
const given = ({ side, name, who, people, rule, hours }) => ({
  side,
  name,
  role: who === PEOPLE ? "" : who,
  people: who === PEOPLE ? people : [],
  rule: who ? rule : "any",
  hours,
});
