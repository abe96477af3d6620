/* The fields of a post: what is typed is seen at once everywhere and saved by itself. */

import { useEffect, useRef, useState } from "react";
import { Counters } from "./counter.jsx";
import { change, clashed, edit, flush, LONGEST, refused, saveBy, saved, settle, show, usePost, valueOf } from "./post_store.js";
import { placementNames } from "./post_words.js";
import { useWords } from "./words.jsx";

const HERE_MS = 20_000;
const told = {
  show,
  saved,
  clashed,
  refused,
  others: (others) => change({ others }),
};

/* The server's answers are evaluated where no import reaches. */
if (typeof window !== "undefined") {
  window.postboard = {
    ...window.postboard,
    editor: (what, ...values) => told[what](...values),
    focusField,
    reveal: ({ field, network, asset }) => focusField(asset ? "media" : network ? `${field}@${network}` : field),
  };
}

/** Bring a field into view: `caption@x` opens X's own words first. */
function focusField(field) {
  const [name, network = ""] = field.split(":")[0].split("@");
  const at = network ? `${name}@${network}` : name;
  window.postboard.openPart?.("write");
  if (name !== "media") change({ network });
  requestAnimationFrame(() => {
    const found = document.querySelector(`[data-field="${CSS.escape(at)}"]`);
    found?.closest("details")?.setAttribute("open", "");
    found?.scrollIntoView({ block: "center" });
    found?.focus();
  });
}

export function Editor(props) {
  const { post, networks, placements, limits, children, onSave, onRebase, onHere } = props;
  const { t } = useWords();
  const { words, network, id } = usePost();
  useEffect(() => saveBy({ save: onSave, rebase: onRebase }), [onSave, onRebase]);
  useEffect(() => () => void flush(), []);
  useHere(id, onHere);
  const readOnly = !post.may_edit_words;
  const one = { network, limits, readOnly };
  const name = networks[network];
  if (!words) return <Skeleton />;
  return (
    <div className="editor">
      <NetworkTabs names={networks} chosen={words.networks} network={network} />
      {network ? (
        <Placements key={`placements@${network}`} network={network} offered={placements[network]} readOnly={readOnly} />
      ) : (
        <NetworkPicker key={`networks@${id}`} names={networks} chosen={words.networks} readOnly={readOnly} />
      )}
      {network ? (
        <Own key={`caption@${network}`} field="caption" label={t("Caption on {network}", { network: name })} rows={8} name={name} {...one} />
      ) : (
        <Text field="caption" label={t("Caption")} rows={8} readOnly={readOnly}
          counter={<Counters limits={limits} names={networks} />} />
      )}
      {children /* the files, which all networks share: always in this place, so that uploads go on */}
      {network ? <OneNetwork key={`rest@${network}`} name={name} {...one} /> : <AllNetworks readOnly={readOnly} />}
    </div>
  );
}

/* ── Which network ───────────────────────────────────────────────────────── */

function NetworkTabs({ names, chosen, network }) {
  const words = useWords();
  const { words: said } = usePost();
  const ref = useRef(null);
  const tabs = ["", ...Object.keys(names).filter((each) => chosen.includes(each))];
  const onKeyDown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(network) + step + tabs.length) % tabs.length];
    change({ network: next });
    ref.current.querySelector(`[data-tab="${next}"]`)?.focus();
  };
  if (!chosen.length) return null;
  return (
    <div ref={ref} className="tabs editor-tabs" role="tablist" aria-label={words.t("Words for")} onKeyDown={onKeyDown}>
      {tabs.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          className="tab"
          data-tab={each}
          aria-selected={each === network}
          tabIndex={each === network ? 0 : -1}
          onClick={() => change({ network: each })}
        >
          {each ? <span className="network" data-network={each} aria-hidden="true" /> : null}
          <span>{each ? names[each] : words.t("All networks")}</span>
          {said.variants.some((own) => own.network === each) && (
            <span className="tab-own" title={words.t("Has words of its own")} />
          )}
        </button>
      ))}
    </div>
  );
}

function AllNetworks({ readOnly }) {
  const words = useWords();
  const common = { readOnly };
  return (
    <>
      <Text field="title" label={words.t("Title")} single {...common} />
      <Text field="link" label={words.t("Link")} single type="url" placeholder="https://" {...common} />
      <Utm {...common} />
      <div className="field-pair">
        <Marks field="hashtags" sign="#" label={words.t("Hashtags")} {...common} />
        <Marks field="mentions" sign="@" label={words.t("Mentions")} {...common} />
      </div>
      <Text field="first_comment" label={words.t("First comment")} rows={2} {...common} />
    </>
  );
}

function OneNetwork({ name, limits, ...common }) {
  const words = useWords();
  const titled = Boolean(limits[common.network]?.title);
  return (
    <>
      {titled && <Own field="title" label={words.t("Title on {network}", { network: name })} single name={name} limits={limits} {...common} />}
      <Own field="first_comment" label={words.t("First comment on {network}", { network: name })} rows={2} name={name} {...common} />
    </>
  );
}

/* The client's own networks stand first; the others are one step away. */
function NetworkPicker({ names, chosen, readOnly }) {
  const words = useWords();
  const { accounts } = usePost();
  const [near] = useState(() => Object.keys(names).filter((each) => accounts[each] || chosen.includes(each)));
  const far = Object.keys(names).filter((each) => !near.includes(each));
  const toggle = (network) =>
    edit("networks", Object.keys(names).filter((each) => (each === network) !== chosen.includes(each)));
  const pick = (network) => (
    <button key={network} type="button" className="pick" disabled={readOnly}
      aria-pressed={chosen.includes(network)} onClick={() => toggle(network)}>
      <span className="network" data-network={network} aria-hidden="true" />
      {names[network]}
    </button>
  );
  return (
    <fieldset className="picker" data-field="networks" tabIndex={-1}>
      <legend>{words.t("Networks")}</legend>
      {near.map(pick)}
      {far.length > 0 && !readOnly && (
        <details className="picker-more" open={!near.length}>
          <summary>{near.length ? words.t("More networks") : words.t("Choose where it goes")}</summary>
          <div className="picker">{far.map(pick)}</div>
        </details>
      )}
      <Status field="networks" />
    </fieldset>
  );
}

function Placements({ network, offered, readOnly }) {
  const words = useWords();
  const { words: said } = usePost();
  const field = `placements@${network}`;
  const chosen = valueOf(said, field);
  const names = placementNames(words.t);
  if (network === "youtube") names.reel = words.t("Short");
  if (offered.length < 2) return null;
  const toggle = (placement) => {
    const next = offered.filter((each) => (each === placement) !== chosen.includes(each));
    if (next.length) edit(field, next);
  };
  return (
    <fieldset className="picker" data-field={field} tabIndex={-1}>
      <legend>{words.t("Placed in")}</legend>
      {offered.map((placement) => (
        <button key={placement} type="button" className="pick" disabled={readOnly}
          aria-pressed={chosen.includes(placement)} onClick={() => toggle(placement)}>
          {names[placement]}
        </button>
      ))}
    </fieldset>
  );
}

/* ── Fields ──────────────────────────────────────────────────────────────── */

/* Words of one network: as everywhere, until somebody writes its own. */
function Own({ field: name, network, label, limits, ...rest }) {
  const words = useWords();
  const { words: said } = usePost();
  const [before, setBefore] = useState(null);
  const field = `${name}@${network}`;
  const own = valueOf(said, field);
  if (own === null) {
    return (
      <div className="field own-none" data-field={field} tabIndex={-1}>
        <span>{label}</span>
        <p className="caption" dir="auto">{said[name] || <span className="quiet">{words.t("Nothing yet")}</span>}</p>
        <div className="own-choice">
          <span className="quiet">{words.t("As on all networks.")}</span>
          {!rest.readOnly && (
            <button type="button" className="link" onClick={() => edit(field, before ?? said[name])}>
              {before === null ? words.t("Write its own") : words.t("Undo")}
            </button>
          )}
        </div>
      </div>
    );
  }
  const counter = limits && name !== "first_comment" && (
    <Counters limits={limits} only={network} names={{ [network]: rest.name }} what={name === "title" ? "title" : "text"} />
  );
  const back = !rest.readOnly && (
    <button type="button" className="link" onClick={() => { setBefore(own); edit(field, null); }}>
      {words.t("Use the common words")}
    </button>
  );
  return <Text field={field} label={label} counter={counter} action={back} {...rest} />;
}

function Text({ field, label, rows = 3, single = false, type = "text", placeholder, counter, action, readOnly }) {
  const { words, unsaved } = usePost();
  const ref = useRef(null);
  const id = `field-${field}`;
  const value = valueOf(words, field) ?? "";
  useGrowing(ref, value, single);
  const common = {
    ref,
    id,
    value,
    readOnly,
    placeholder,
    "data-field": field,
    "aria-invalid": ["refused", "long", "clash"].includes(unsaved[field]?.status) || undefined,
    "aria-describedby": `${id}-status`,
    onChange: (event) => edit(field, event.target.value),
  };
  return (
    <div className="field">
      <FieldHead id={id} field={field} label={label} action={action} />
      {single ? <input type={type} dir="auto" {...common} /> : <textarea rows={rows} dir="auto" {...common} />}
      {counter}
      <Status field={field} id={`${id}-status`} />
    </div>
  );
}

function FieldHead({ id, field, label, action }) {
  const words = useWords();
  const { others } = usePost();
  const here = others.filter((other) => other.field === field);
  return (
    <div className="field-head">
      <label htmlFor={id}>{label}</label>
      {here.map((other) => (
        <span key={other.name} className="field-here">{words.t("{who} is writing here", { who: other.name })}</span>
      ))}
      <span className="grow" />
      {action}
      <button type="button" className="field-comment" aria-label={words.t("Comment on {field}", { field: label })}
        title={words.t("Comment on {field}", { field: label })} onClick={() => commentOn(field)}>
        <span className="icon" data-icon="comment" aria-hidden="true" />
      </button>
    </div>
  );
}

function commentOn(field) {
  window.postboard.openPart?.("talk");
  requestAnimationFrame(() => window.postboard.comment?.({ anchor: { field } })); // once it can be focused
}

/* Hashtags and mentions: written as people write them, kept as a list. */
function Marks({ field, sign, label, readOnly }) {
  const { words } = usePost();
  const list = valueOf(words, field);
  const [typed, setTyped] = useState(null);
  const id = `field-${field}`;
  const take = (text) => {
    const next = [...new Set(text.split(/[\s,，、]+/).map((each) => each.replace(/^[#＃@＠]+/, "")).filter(Boolean))];
    if (next.join(" ") !== list.join(" ")) edit(field, next);
  };
  return (
    <div className="field">
      <FieldHead id={id} field={field} label={label} />
      <input id={id} data-field={field} dir="auto" readOnly={readOnly} placeholder={`${sign}…`}
        value={typed ?? list.map((each) => sign + each).join(" ")}
        onChange={(event) => { setTyped(event.target.value); take(event.target.value); }}
        onBlur={() => setTyped(null)} />
      <Status field={field} />
    </div>
  );
}

function Utm({ readOnly }) {
  const words = useWords();
  const { words: said } = usePost();
  const names = {
    source: words.t("Source"),
    medium: words.t("Medium"),
    campaign: words.t("Campaign"),
    term: words.t("Term"),
    content: words.t("Content"),
  };
  const used = Object.values(said.utm).filter(Boolean).length;
  return (
    <details className="utm">
      <summary>{used ? words.plural("{n} UTM parameter", "{n} UTM parameters", used) : words.t("UTM parameters")}</summary>
      <p className="quiet">{words.t("Added to the link. “{network}” becomes the network’s name.", { network: "{network}" })}</p>
      <div className="utm-fields">
        {Object.entries(names).map(([name, label]) => (
          <label key={name} className="field">
            <span>{label}</span>
            <input data-field="utm" readOnly={readOnly} value={said.utm[name]} spellCheck={false}
              onChange={(event) => edit("utm", { ...said.utm, [name]: event.target.value })} />
          </label>
        ))}
      </div>
      <Status field="utm" />
    </details>
  );
}

/* ── What is said under a field ──────────────────────────────────────────── */

function Status({ field, id }) {
  const words = useWords();
  const { unsaved, words: said, kept } = usePost();
  const entry = unsaved[field];
  const length = typeof valueOf(said, field) === "string" ? valueOf(said, field).length : 0;
  return (
    <div id={id} role="status" className="field-status">
      {entry?.status === "refused" && <p className="problem">{words.said(entry.problem)}</p>}
      {entry?.status === "long" && (
        <p className="problem">
          {words.t("That is {length} characters long; this field takes {limit}.", { length, limit: LONGEST })}{" "}
          {kept ? words.t("It is kept in this browser until it fits.") : words.t("Keep this page open until it fits: it is too long to be kept elsewhere.")}
        </p>
      )}
      {entry?.status === "clash" && <Clash field={field} {...entry} />}
    </div>
  );
}

function Clash({ field, theirs, who }) {
  const words = useWords();
  const text = typeof theirs === "string" ? theirs : theirs === null ? words.t("As on all networks.") : JSON.stringify(theirs);
  return (
    <section className="clash" aria-label={words.t("Two versions of this field")}>
      <p><strong>{words.t("{who} changed this meanwhile.", { who })}</strong> {words.t("Yours is above, theirs is here:")}</p>
      <blockquote dir="auto">{text || <span className="quiet">{words.t("Nothing")}</span>}</blockquote>
      <div className="buttons">
        <button type="button" className="button" onClick={() => settle(field, true)}>{words.t("Keep mine")}</button>
        <button type="button" className="button" onClick={() => settle(field, false)}>{words.t("Take theirs")}</button>
      </div>
    </section>
  );
}

/** Whether every word is with the server, in one quiet line. */
export function SaveLine() {
  const words = useWords();
  const { unsaved, late, words: said } = usePost();
  const states = Object.values(unsaved).map((entry) => entry.status);
  if (!said) return null;
  const stuck = states.some((status) => ["clash", "refused", "long"].includes(status));
  const text = stuck
    ? words.t("Not all is saved: look at the marked fields")
    : late
      ? words.t("No connection: your words are kept here and sent later")
      : states.length
        ? words.t("Saving…")
        : words.t("All saved");
  return <span className="save-line" role="status" data-late={late || stuck ? "" : undefined}>{text}</span>;
}

/** Who else is on the page. */
export function Others() {
  const words = useWords();
  const { others } = usePost();
  if (!others.length) return null;
  const names = others.map((other) => other.name);
  return (
    <p className="others" role="status">
      {names.map((name) => <span key={name} className="person" aria-hidden="true">{name.slice(0, 1)}</span>)}
      {words.t("Also here: {names}", { names: names.join(", ") })}
    </p>
  );
}

function Skeleton() {
  return (
    <div className="editor" aria-busy="true">
      <span className="line" />
      <span className="block" />
      <span className="line" />
      <span className="line" />
    </div>
  );
}

/* ── Behaviour ───────────────────────────────────────────────────────────── */

function useGrowing(ref, value, single) {
  useEffect(() => {
    if (single || CSS.supports("field-sizing", "content")) return;
    ref.current.style.height = "auto";
    ref.current.style.height = `${ref.current.scrollHeight + 2}px`;
  }, [value, single]);
}

/* Others on the page are told which field I write in, as long as I am here. */
function useHere(id, onHere) {
  useEffect(() => {
    if (!id) return undefined;
    let field = "";
    const tell = () => document.visibilityState === "visible" && onHere(id, field);
    const onFocus = (event) => {
      const next = event.type === "focusin" ? (event.target.dataset?.field ?? "") : "";
      if (next === field) return;
      field = next;
      tell();
    };
    tell();
    const timer = setInterval(tell, HERE_MS);
    document.addEventListener("focusin", onFocus);
    document.addEventListener("focusout", onFocus);
    return () => {
      clearInterval(timer);
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("focusout", onFocus);
    };
  }, [id]);
}
