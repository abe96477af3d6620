/* Where a comment is written. What is typed stays in this browser tab until the server has it:
   neither a reload nor an expired session nor a lost answer loses a word. */

import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { commandId } from "./command.js";
import { upload } from "./upload.js";
import { useWords } from "./words.jsx";

const PATIENCE_MS = 10_000;
const NOTHING = { text: "", anchor: {}, files: [], people: {}, command: "" };
const FILES_MAX = 10;
const TALLEST_PX = 320;
const BOOK = 20_000;
const KEPT_MAX = 1_000_000; // characters; a tab's storage takes little more

/** `kept` names the draft; `opens` is the button behind which it hides, "" when it is always there;
    with `anchored` it is where comments on a field or a spot begin. */
export function Composer(props) {
  const { kept, opens, text = "", anchored } = props;
  const [open, setOpen] = useState(false);
  const [draft, change, forget] = useDraft(kept, text);
  useEffect(() => {
    if (opens && before(draftKey(kept))) setOpen(true); // begun before a reload
  }, [kept]);
  if (opens && !open) {
    return (
      <button type="button" className="link" onClick={() => setOpen(true)}>
        {opens}
      </button>
    );
  }
  const close = () => {
    forget();
    setOpen(false);
  };
  return <Form {...props} key={kept} draft={draft} change={change} forget={close} focus={Boolean(opens)} anchored={anchored} />;
}

function Form(props) {
  const { draft, change, forget, label, send, opens, limit, people, networks, answer, hint } = props;
  const { anchored, focus, client, maySend = true, onSend } = props;
  const words = useWords();
  const id = useId();
  const area = useRef(null);
  const [note, setNote] = useState("");
  const [sent, deliver, late] = useDelivery(answer, forget);
  const files = useFiles(draft, change, client, setNote);
  const mention = useMentions(area, people, draft, change, id);
  const long = draft.text.length > limit;
  const tall = draft.text.length > BOOK; // the browser measures and spells such a text for seconds
  useGrowth(area, draft.text, tall);
  useAnchors(anchored, area, change);
  useEffect(() => {
    if (focus) area.current.focus();
  }, []);

  const submit = (event) => {
    event?.preventDefault();
    if (sent || files.busy) return;
    if (long) return area.current.focus();
    if (!draft.text.trim() && !draft.files.length) {
      setNote(words.t("Write something first."));
      return area.current.focus();
    }
    setNote("");
    const command = draft.command || commandId();
    change({ command });
    const named = Object.entries(draft.people).filter(([, name]) => draft.text.includes(`@${name}`));
    deliver(command, () =>
      onSend(command, draft.text, draft.anchor, draft.files.map((file) => file.asset), named.map(([person]) => person)),
    );
  };
  const onKeyDown = (event) => {
    if (mention.onKeyDown(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
    if (event.key === "Escape" && opens && draft.text.trim() === (props.text ?? "")) forget();
  };
  const problem = answer?.command && answer.command === draft.command ? words.said(answer.problem) : "";
  const count = draft.text.length.toLocaleString(words.language);
  return (
    <form className="composer" onSubmit={submit} noValidate onPaste={files.onPaste}>
      {(draft.anchor.field || draft.anchor.asset) && (
        <p className="composer-anchor">
          <span>{anchorLabel(words, draft.anchor, networks)}</span>
          <button type="button" aria-label={words.t("Take the place off")} onClick={() => change({ anchor: {} })}>
            ×
          </button>
        </p>
      )}
      <div className="composer-field">
        <textarea
          ref={area}
          rows={2}
          dir={tall ? undefined : "auto"}
          spellCheck={tall ? false : undefined}
          aria-label={label}
          placeholder={label}
          value={draft.text}
          aria-invalid={long ? true : undefined}
          aria-describedby={`${id}-note`}
          {...mention.field}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            change({ text: event.target.value });
            setNote("");
          }}
        />
        {mention.list}
      </div>
      {draft.files.length > 0 && (
        <ul className="composer-files">
          {draft.files.map((file) => (
            <li key={file.asset}>
              <img src={file.thumb} alt="" />
              <span>{file.name}</span>
              <button type="button" aria-label={words.t("Take {name} off", { name: file.name })} onClick={() => files.drop(file.asset)}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div id={`${id}-note`} className="composer-note" role="alert">
        {long && words.t("That is {length} characters; a comment takes {limit}. Shorten it, then send.", { length: count, limit: limit.toLocaleString(words.language) })}
        {!long && (problem || note)}
        {late && words.t("No answer came. Your words are kept: send again, it counts only once.")}
      </div>
      <div className="composer-foot">
        {client && files.door}
        <span className="grow quiet">{hint}</span>
        {opens && (
          <button type="button" className="link" onClick={forget}>
            {words.t("Cancel")}
          </button>
        )}
        <button type="submit" className="button button-primary" disabled={!maySend || long} data-sent={sent ? "" : undefined}
          aria-keyshortcuts="Control+Enter">
          {send}
        </button>
      </div>
      {client && files.library(props)}
    </form>
  );
}

/* ── What is kept ──────────────────────────────────────────────────────── */

function useDraft(kept, text) {
  const key = draftKey(kept);
  const [begun, setBegun] = useState(null);
  useEffect(() => {
    setBegun(before(key));
  }, [key]);
  /* Other words are another comment: only what is sent again unchanged keeps its number. */
  const change = (part) =>
    setBegun((now) => {
      const next = { ...NOTHING, text, ...now, command: "", ...part };
      keep(key, next);
      return next;
    });
  const forget = () => {
    keep(key, null);
    setBegun(null);
  };
  return [begun ?? { ...NOTHING, text }, change, forget];
}

const draftKey = (kept) => `postboard.talk.${kept}`;

function before(key) {
  try {
    const found = JSON.parse(sessionStorage.getItem(key));
    return found && { ...NOTHING, ...found };
  } catch {
    return null; // storage is blocked, or holds something else
  }
}

function keep(key, draft) {
  try {
    if (draft && draft.text.length < KEPT_MAX) sessionStorage.setItem(key, JSON.stringify(draft));
    else sessionStorage.removeItem(key);
  } catch {
    /* too long to keep, or storage is blocked: it lives as long as the page */
  }
}

/* A comment on its way: the server answers with the command's number, and with what was wrong. */
function useDelivery(answer, forget) {
  const [sent, setSent] = useState("");
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!sent || answer?.command !== sent) return;
    setSent("");
    setLate(false);
    if (!answer.problem?.en) forget();
  }, [answer, sent]);
  useEffect(() => {
    if (!sent) return undefined;
    const timer = setTimeout(() => {
      setSent("");
      setLate(true);
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [sent]);
  const deliver = (command, send) => {
    setLate(false);
    setSent(command);
    send();
  };
  return [sent, deliver, late];
}

function useGrowth(area, text, tall) {
  useLayoutEffect(() => {
    const field = area.current;
    field.style.height = "auto";
    field.style.height = `${tall ? TALLEST_PX : Math.min(field.scrollHeight + 2, TALLEST_PX)}px`;
  }, [text]);
}

/* ── Mentions ──────────────────────────────────────────────────────────── */

const ASKED = /(?:^|[^A-Za-z0-9_@])@([^\n@]{0,40})$/;

function useMentions(area, people, draft, change, id) {
  const words = useWords();
  const [asked, setAsked] = useState(null);
  const [at, setAt] = useState(0);
  const found = asked === null ? [] : matching(people, asked);
  const look = (event) => {
    const field = event.target;
    const before = field.value.slice(Math.max(0, field.selectionStart - 60), field.selectionStart);
    setAsked(field.selectionStart === field.selectionEnd ? (ASKED.exec(before)?.[1] ?? null) : null);
    setAt(0);
  };
  const take = (person) => {
    const caret = area.current.selectionStart;
    const start = caret - asked.length;
    const text = `${draft.text.slice(0, start)}${person.name} ${draft.text.slice(caret)}`;
    change({ text, people: { ...draft.people, [person.id]: person.name } });
    setAsked(null);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(start + person.name.length + 1, start + person.name.length + 1);
    });
  };
  const onKeyDown = (event) => {
    if (!found.length || event.nativeEvent.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + found.length) % found.length);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(found[at]);
    else if (event.key === "Escape") setAsked(null);
    else return false;
    event.preventDefault();
    return true;
  };
  const list = found.length > 0 && (
    <ul id={`${id}-people`} className="composer-people" role="listbox" aria-label={words.t("People to mention")}>
      {found.map((person, index) => (
        <li
          key={person.id}
          id={`${id}-person-${index}`}
          role="option"
          aria-selected={index === at}
          onMouseDown={(event) => {
            event.preventDefault();
            take(person);
          }}
        >
          <bdi>{person.name}</bdi>
          {person.of_client && <span className="quiet">{words.t("client")}</span>}
        </li>
      ))}
    </ul>
  );
  const field = {
    "aria-autocomplete": "list",
    "aria-controls": found.length ? `${id}-people` : undefined,
    "aria-activedescendant": found.length ? `${id}-person-${at}` : undefined,
    onSelect: look,
    onBlur: () => setAsked(null),
  };
  return { field, list, onKeyDown };
}

function matching(people, asked) {
  const wanted = asked.toLocaleLowerCase();
  const found = (people ?? []).filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  return found.some(({ name }) => `${name} ` === asked) ? [] : found.slice(0, 6);
}

/* ── Files ─────────────────────────────────────────────────────────────── */

function useFiles(draft, change, client, say) {
  const words = useWords();
  const input = useRef(null);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(null);
  const add = (file) =>
    change({ files: [...draft.files.filter((each) => each.asset !== file.asset), file].slice(0, FILES_MAX) });
  const drop = (asset) => change({ files: draft.files.filter((each) => each.asset !== asset) });
  const send = (file) => {
    if (!file || busy !== null) return;
    setBusy(0);
    say("");
    upload(`/media/${client}`, file, setBusy)
      .then(({ asset, name, alt }) => add({ asset, name, alt, thumb: `/media/${asset}/thumb` }))
      .catch((refused) => say(refused.texts ? words.said(refused.texts) : words.t("The file did not arrive. Try once more.")))
      .finally(() => setBusy(null));
  };
  const onPaste = (event) => {
    const file = client && event.clipboardData?.files?.[0];
    if (!file) return;
    event.preventDefault();
    send(file);
  };
  const door = (
    <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
      {words.t("Attach")}
    </button>
  );
  const library = ({ found, mayUpload, onLibrary }) =>
    open && (
      <div className="composer-library">
        <div className="composer-library-head">
          <input type="search" aria-label={words.t("Search the library")} placeholder={words.t("Search the library")}
            onFocus={(event) => onLibrary(event.target.value)} onChange={(event) => onLibrary(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && event.preventDefault()} autoFocus />
          {mayUpload && (
            <button type="button" className="button" disabled={busy !== null} onClick={() => input.current.click()}>
              {words.t("From this device")}
            </button>
          )}
          <input ref={input} type="file" accept="image/*,video/*" hidden tabIndex={-1}
            onChange={(event) => {
              send(event.target.files[0]);
              event.target.value = "";
            }}
          />
        </div>
        {busy !== null && <progress max="1" value={busy} aria-label={words.t("Sending the file")} />}
        <ul>
          {(found ?? []).map((file) => {
            const chosen = draft.files.some((each) => each.asset === file.asset);
            return (
              <li key={file.asset}>
                <button type="button" aria-pressed={chosen} title={file.name} onClick={() => (chosen ? drop(file.asset) : add(file))}>
                  <img src={file.thumb} alt={file.alt || file.name} loading="lazy" />
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    );
  return { busy: busy !== null, drop, onPaste, door, library };
}

/* ── Places on the post ────────────────────────────────────────────────── */

const anchoring = new Set(); // composers that take an anchor, the newest last
let waiting = null;

/** Start a comment on `{field: "caption@x"}` or `{asset, x, y}`. */
function comment({ anchor }) {
  waiting = anchor;
  [...anchoring].at(-1)?.();
}

function useAnchors(anchored, area, change) {
  useEffect(() => {
    if (!anchored) return undefined;
    const take = () => {
      if (!waiting) return;
      change({ anchor: waiting });
      waiting = null;
      area.current?.scrollIntoView({ block: "nearest" });
      area.current?.focus();
    };
    anchoring.add(take);
    take();
    return () => anchoring.delete(take);
  }, [anchored]);
}

function anchorLabel(words, { field = "", network: on, asset, pin }, networks = {}) {
  if (asset) return pin ? words.t("Picture, spot {n}", { n: pin }) : words.t("A spot on the picture");
  const [name, network = on] = field.split("@");
  const names = {
    caption: words.t("Caption"),
    title: words.t("Title"),
    first_comment: words.t("First comment"),
    link: words.t("Link"),
    hashtags: words.t("Hashtags"),
    mentions: words.t("Mentions"),
    utm: words.t("UTM"),
    networks: words.t("Channels"),
    media: words.t("Pictures"),
  };
  return network ? `${names[name]} · ${networks[network] ?? network}` : names[name];
}

/** What a comment points at; a click goes there. */
export function Anchor({ networks, ...place }) {
  const words = useWords();
  return (
    <button type="button" className="anchor" data-pin={place.pin || undefined} onClick={() => goTo(place)}>
      {anchorLabel(words, place, networks)}
    </button>
  );
}

function goTo({ field, network, asset }) {
  window.postboard.reveal?.({ field, network, asset }); // the page may have to open a part first
  requestAnimationFrame(() => {
    const name = network ? `${field}@${network}` : field;
    const own = asset ? `[data-asset="${CSS.escape(asset)}"]` : `[data-field="${CSS.escape(name)}"]`;
    point(document.querySelector(own) ?? document.querySelector(`[data-field="${field}"]`));
  });
}

/** Show a comment, once it is there. */
function toComment(id, tries = 20) {
  const found = document.querySelector(`[data-comment="${CSS.escape(id)}"]`);
  found?.closest("details")?.setAttribute("open", "");
  if (found) point(found);
  else if (tries) setTimeout(() => toComment(id, tries - 1), 100);
}

function point(spot) {
  if (!spot) return;
  spot.scrollIntoView({ block: "center" });
  const focusable = spot.matches("input,textarea,[tabindex]") ? spot : spot.querySelector("input,textarea");
  focusable?.focus({ preventScroll: true });
  spot.setAttribute("data-pointed", "");
  setTimeout(() => spot.removeAttribute("data-pointed"), 1600);
}

if (typeof window !== "undefined") window.postboard = { ...window.postboard, comment, goTo, toComment };

/* ── What was said ─────────────────────────────────────────────────────── */

/** Words as they were typed; the people named in them stand out. */
export function Said({ text, names }) {
  const parts = names.length ? text.split(namesIn(names)) : [text];
  return (
    <p className="said-text" dir="auto">
      {parts.map((part, index) => (index % 2 ? <strong key={index}>{part}</strong> : part))}
    </p>
  );
}

function namesIn(names) {
  const quoted = [...names].sort((one, other) => other.length - one.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(@(?:${quoted.join("|")}))`);
}

/** Who felt what; one's own is pressed. `may` offers the others. */
export function Reactions({ given, offered, may, onReact }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const ref = useRef(null);
  const react = (emoji, on) => {
    setOpen(false);
    onReact(emoji, on);
  };
  return (
    <div ref={ref} className="reactions"
      onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      onBlur={(event) => !ref.current.contains(event.relatedTarget) && setOpen(false)}>
      {given.map(({ emoji, count, mine }) => (
        <button key={emoji} type="button" aria-pressed={mine} disabled={!may} onClick={() => react(emoji, !mine)}>
          {emoji} {count}
        </button>
      ))}
      {may && (
        <button type="button" className="reactions-add" aria-expanded={open} aria-label={words.t("React")} onClick={() => setOpen(!open)}>
          ☺
        </button>
      )}
      {open && (
        <span className="reactions-offered">
          {offered.map((emoji) => (
            <button key={emoji} type="button" onClick={() => react(emoji, true)}>
              {emoji}
            </button>
          ))}
        </span>
      )}
    </div>
  );
}
