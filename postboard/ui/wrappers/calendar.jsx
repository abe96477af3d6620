/* The editorial calendar: month, week, day and list; dragged by mouse and touch, moved by keyboard
   in a dialog. The grid with its library is loaded when the page is there. */

import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { setAddress } from "./address.js";
import { IdeaDialog, PostDialog } from "./calendar_dialog.jsx";
import { CalendarStore, NOTHING } from "./calendar_store.js";
import { IdeaTray } from "./calendar_tray.jsx";
import { dayOf, daysBetween, daysLater, instantHere, shortlyAfter, timeOf, usualFirstDay, wallOf } from "./clocks.js";
import { toast } from "./dialog.jsx";
import { hear } from "./live.js";
import { UndoBar } from "./undo_bar.jsx";
import { useMinute, useWords } from "./words.jsx";

const KEPT = "postboard.calendar";
const VIEWS = ["month", "week", "day", "list"];
const UNDO_S = 12;
const PHONE = "(max-width: 760px)";
const inBrowser = typeof window !== "undefined";

let current; // the mounted calendar
const unheard = []; // what the server said before it was mounted
if (inBrowser) {
  const calendar = (...told) => (current ? current(...told) : unheard.push(told));
  window.postboard = { ...window.postboard, calendar };
}

export function Calendar(props) {
  const { clients, client, ideas, mayCreate, stateNames, networkNames, renderEmpty } = props;
  const words = useWords();
  const minute = useMinute();
  const handlers = useRef(props);
  handlers.current = props;
  const store = useStore(handlers);
  const shown = useSyncExternalStore(store.subscribe, store.getSnapshot, () => NOTHING);
  const Grid = useGrid();
  const grid = useRef(null);
  const [place, setPlace] = usePlace();
  const [taste, setTaste] = useTaste();
  const [title, setTitle] = useState("");
  const [open, setOpen] = useState(""); // a post's id
  const [placing, setPlacing] = useState(null); // an idea
  const [more, setMore] = useState({});
  const [free, setFree] = useState(null);
  const [undo, setUndo] = useState(null);
  const [tray, setTray] = useState(null);
  const [narrow, setNarrow] = useState(false);
  const dates = useRef(null);

  const clock = place.clock || (client ? "client" : "mine");
  const zone = useCallback((key) => (clock === "client" ? clients[key]?.zone : undefined), [clock, clients]);
  const look = useCallback(() => {
    if (!dates.current) return;
    const { since, until } = dates.current;
    store.look({ since, until, language: words.language });
  }, [store, words.language]);

  useEffect(() => hear((signals) => store.hear(signals)), [store]);
  useEffect(look, [look]);
  useEffect(() => {
    const media = matchMedia(PHONE);
    const turned = () => setNarrow(media.matches);
    turned();
    media.addEventListener("change", turned);
    return () => media.removeEventListener("change", turned);
  }, []);

  const said = useRef({});
  said.current = {
    loaded: () => store.loaded() && toast(words.t("The connection was lost during a move. This is how things stand."), "refused"),
    show: (answer) => store.show(answer),
    patch: (patch) => {
      if (patch.answered && patch.undo) {
        const post = store.posts.get(patch.answered);
        setUndo({ id: patch.answered, ...patch.undo, key: post?.key ?? "" });
      }
      const before = open && store.posts.get(open)?.version;
      store.patch(patch);
      if (open === patch.answered && before !== store.posts.get(open)?.version) setOpen("");
    },
    filtered: (named) => {
      setAddress(named, ["client", "person", "campaign", "network", "state"]);
      store.reload();
    },
    reload: () => store.reload(),
    ask: (id) => store.ask(id),
    foretell: (risks) => store.foretell(risks),
    placed: () => setPlacing(null),
    peeked: (post) => setMore(post),
    free: (id, at) => setFree({ id, at }),
  };
  useEffect(() => {
    current = (what, ...values) => said.current[what]?.(...values);
    unheard.splice(0).forEach((told) => current(...told));
    return () => (current = undefined);
  }, []);

  const closeTo = useMemo(() => closeOnes(shown), [shown]);
  const closedDays = shown.days.notes.filter((note) => note.kind !== "worked").map((note) => note.day).join();
  const closed = useMemo(() => new Set(closedDays.split(",")), [closedDays]);
  const waiting = useMemo(() => (client ? ideas.filter((idea) => idea.client === client) : ideas), [client, ideas]);
  const events = useMemo(
    () => [
      ...shown.days.notes.map((note) => noteEvent(note, words, clients)),
      ...shown.days.gaps.map((day) => gapEvent(day, words)),
      ...waiting.filter((idea) => idea.wished_on).map((idea) => ideaEvent(idea, words)),
      ...shown.posts.map((post) =>
        postEvent(post, shown.moves.get(post.id), clock, zone(post.client), {
          hue: taste.colours === "client" ? clients[post.client]?.hue : undefined,
          close: closeTo.get(post.id),
          risk: riskOf(shown.risks.get(post.id), post, words, stateNames),
          showsClient: !client,
        }),
      ),
    ],
    [shown, waiting, clock, zone, words, client, clients, taste.colours, closeTo, stateNames],
  );
  const isDrawn = Boolean(Grid && place.day);
  useLayoutEffect(() => {
    grid.current?.show(events);
  }, [events, isDrawn]);
  const renderEvent = (facts, info) =>
    facts.kind === "post" ? (
      <PostEvent facts={facts} time={info.timeText} stateNames={stateNames} words={words} />
    ) : (
      <span className="cal-note" title={facts.title}><i aria-hidden="true">{facts.sign}</i> {facts.title}</span>
    );

  const openPost = (id) => {
    setOpen(id);
    setMore({});
    setFree(null);
    handlers.current.onPeek(id);
  };
  const drop = (post, wall, byDay) => {
    const moved = shown.moves.get(post.id);
    const from = moved && moved.clock === clock ? moved.wall : wallOf(post.at, zone(post.client));
    const target = byDay ? `${dayOf(wall)}T${timeOf(from)}` : wall;
    if (target === from) return store.publish();
    // A day for another keeps the hour on the client's clock, whichever clock is looked at.
    const told = byDay
      ? daysLater(wallOf(post.at, clients[post.client]?.zone), daysBetween(from, target))
      : clock === "client" ? target : instantHere(target);
    store.move(post.id, told, target, clock, { stands: true });
    return undefined;
  };
  const openDay = (day, time) => {
    if (!Object.values(clients).some((one) => one.may_create || one.may_plan)) return;
    handlers.current.onDay(day, time, client);
  };
  const placeIdea = (id, day, time) => {
    const idea = ideas.find((one) => one.id === id);
    if (!idea) return;
    if (!time) setPlacing({ ...idea, wished_on: day });
    else handlers.current.onPlace(idea.id, idea.version, clock === "client" ? `${day}T${time}` : instantHere(`${day}T${time}`), store.view);
  };
  const today = () => setPlace({ day: dayOf(wallOf(Date.now(), zone(client))) });
  const turn = (step) => grid.current?.next(step);
  useKeys({ turn, today, setView: (view) => setPlace({ view }), add: () => mayCreate && openDay(place.day, "") });

  const chosen = open && shown.posts.find((post) => post.id === open);
  const now = wallOf(minute, zone(client));
  const does = useRef({});
  does.current = {
    renderEvent,
    onOpen: openPost,
    onDay: openDay,
    onDrop: drop,
    onLetGo: (post, wall, byDay) => {
      store.hold();
      drop(post, wall, byDay);
    },
    onSettled: () => store.release(),
    onIdea: placeIdea,
    onChoose: setPlacing,
    onDates: (name, since, until, day) => {
      setTitle(name);
      setPlace({ day });
      const before = dates.current;
      dates.current = { since: daysLater(since, -1), until: daysLater(until, 1) };
      if (before?.since !== dates.current.since || before?.until !== dates.current.until) look();
    },
  };
  return (
    <div className="calendar" data-keys="calendar">
      <div className="cal-bar">
        <div className="cal-turn">
          <button type="button" className="button" aria-label={words.t("Earlier")} onClick={() => turn(-1)}>‹</button>
          <button type="button" className="button" onClick={today}>{words.t("Today")}</button>
          <button type="button" className="button" aria-label={words.t("Later")} onClick={() => turn(1)}>›</button>
        </div>
        <h2 aria-live="polite">{title}</h2>
        <div className="cal-views" role="group" aria-label={words.t("View")}>
          {VIEWS.map((view) => (
            <button key={view} type="button" aria-pressed={place.view === view} onClick={() => setPlace({ view })}>
              {viewName(view, words)}
            </button>
          ))}
        </div>
        <select className="filter" aria-label={words.t("Clock")} value={clock}
          onChange={(event) => setPlace({ clock: event.target.value })}>
          <option value="mine">{words.t("My clock")}</option>
          <option value="client">{client ? words.t("Clock of {client}", { client: clients[client]?.name ?? client }) : words.t("Each client’s clock")}</option>
        </select>
        <Options taste={taste} onChange={setTaste} words={words} />
        <button type="button" className="button" aria-pressed={Boolean(taste.tray)} onClick={() => setTaste({ tray: !taste.tray })}>
          {words.t("Ideas")} {ideas.length > 0 && <span className="count">{ideas.length}</span>}
        </button>
        {mayCreate && (
          <button type="button" className="button button-primary" onClick={() => openDay(place.day, "")}>
            {words.t("New post")}
          </button>
        )}
      </div>
      {shown.loaded && shown.posts.length === 0 && <p className="cal-empty">{renderEmpty()}</p>}
      {shown.more && <p className="cal-empty">{words.t("More posts than can be shown at once: narrow the view by a filter.")}</p>}
      <div className="cal-body">
        <div className="cal-grid" aria-busy={!shown.loaded} data-view={place.view}>
          {isDrawn ? (
            <Grid ref={grid} view={place.view} day={place.day} narrow={narrow} words={words}
              firstDay={taste.firstDay === "" ? usualFirstDay() : Number(taste.firstDay)}
              language={words.language} spelling={spelling()} now={now} closed={closed} tray={tray} does={does} />
          ) : (
            <div className="cal-skeleton" />
          )}
        </div>
        {taste.tray && (
          <IdeaTray ideas={waiting} clients={clients} words={words}
            trayRef={setTray} onChoose={setPlacing} onClose={() => setTaste({ tray: false })} />
        )}
      </div>
      {chosen && (
        <PostDialog post={chosen} client={clients[chosen.client]} more={more.id === open ? more : null}
          free={free?.id === open ? free : null} close={closeTo.get(open)}
          risk={riskOf(shown.risks.get(open), chosen, words, stateNames)} stateNames={stateNames}
          networkNames={networkNames} words={words} onClose={() => setOpen("")}
          onFree={() => handlers.current.onNextFree(open)}
          onMove={(wall) => {
            setOpen("");
            if (wall === wallOf(chosen.at, clients[chosen.client]?.zone)) return;
            store.move(open, wall, clock === "client" ? wall : wallOf(chosen.at), clock);
          }} />
      )}
      {placing && (
        <IdeaDialog idea={placing} client={clients[placing.client]} words={words} onClose={() => setPlacing(null)}
          onPlace={(wall) => {
            handlers.current.onPlace(placing.id, placing.version, wall, store.view);
            setPlacing(null);
          }} />
      )}
      {undo && (
        <UndoBar mark={`${undo.id}/${undo.version}`} seconds={UNDO_S}
          text={words.t("{post} was moved.", { post: undo.key })}
          onUndo={() => {
            store.move(undo.id, undo.at, wallOf(Date.parse(undo.at), clock === "client" ? zone(undo.key.split("-")[0]) : undefined), clock, { version: undo.version });
            setUndo(null);
          }} />
      )}
    </div>
  );
}

function Options({ taste, onChange, words }) {
  return (
    <details className="cal-options" data-menu="">
      <summary className="button">{words.t("Options")}</summary>
      <div>
        <label className="field">
          <span>{words.t("Colours")}</span>
          <select value={taste.colours} onChange={(event) => onChange({ colours: event.target.value })}>
            <option value="state">{words.t("By state")}</option>
            <option value="client">{words.t("By client")}</option>
          </select>
        </label>
        <label className="field">
          <span>{words.t("The week begins")}</span>
          <select value={taste.firstDay} onChange={(event) => onChange({ firstDay: event.target.value })}>
            <option value="">{words.t("As usual here")}</option>
            <option value="1">{words.t("On Monday")}</option>
            <option value="0">{words.t("On Sunday")}</option>
            <option value="6">{words.t("On Saturday")}</option>
          </select>
        </label>
      </div>
    </details>
  );
}

const PostEvent = memo(function PostEvent({ facts, time, stateNames, words }) {
  const { post, waiting: unanswered, hue, close, risk, showsClient } = facts;
  const style = hue === undefined ? undefined : { "--hue": hue };
  return (
    <span className="cal-post-face" data-state={post.state} data-by={hue === undefined ? "state" : "client"} style={style}
      data-unanswered={unanswered ? "" : undefined}>
      <i className="dot" data-state={post.state} aria-hidden="true" />
      <span className="cal-time">{time}</span>
      {close && <span className="cal-close" title={close} role="img" aria-label={close}>⚠</span>}
      {risk && <span className="cal-risk" title={risk} role="img" aria-label={risk}>◔</span>}
      {showsClient && <span className="cal-client">{post.client}</span>}
      <span className="cal-text">{post.text || words.t("No words yet")}</span>
      {close && <span className="cal-state cal-close">{words.t("Too close")}</span>}
      {risk && <span className="cal-state cal-close">{words.t("At risk")}</span>}
      <span className="cal-state">{stateNames[post.state]}</span>
      {post.networks.map((name) => <span key={name} className="network" data-network={name} aria-hidden="true" />)}
    </span>
  );
});

function postEvent(post, move, clock, zone, looks) {
  const wall = move && move.clock === clock ? move.wall : wallOf(post.at, zone);
  return {
    id: post.id,
    title: `${post.key} ${post.text}`,
    start: wall,
    end: shortlyAfter(wall),
    first: 1,
    order: post.key,
    extendedProps: { kind: "post", post, waiting: Boolean(move), ...looks },
  };
}

/* An idea stands on the day that is wished for it, until it is a post. */
function ideaEvent(idea, words) {
  const event = dayEvent(idea.wished_on, "idea", words.t("Idea: {text}", { text: idea.text }));
  return { ...event, id: `idea ${idea.id}`, extendedProps: { ...event.extendedProps, idea } };
}

const SIGNS = { holiday: "☼", worked: "⚒", blackout: "⊘", gap: "○", idea: "✎" };

function noteEvent({ day, kind, name, clients: keys }, words, clients) {
  const whole = Object.keys(clients).length === keys.length;
  const what = name || (kind === "worked" ? words.t("A working day this week") : words.t("No posts go out"));
  const title = kind === "blackout" && name ? words.t("Closed: {name}", { name }) : what;
  return dayEvent(day, kind, whole ? title : `${title} · ${keys.join(", ")}`);
}

const gapEvent = (day, words) => dayEvent(day, "gap", words.t("No post yet"));

function dayEvent(day, kind, title) {
  return {
    id: `${kind} ${day} ${title}`,
    title,
    start: day,
    allDay: true,
    editable: false,
    first: kind === "gap" || kind === "idea" ? 2 : 0,
    extendedProps: { kind, day, title, sign: SIGNS[kind] },
  };
}

/* Who stands too close to whom, in words, by post. */
function closeOnes({ days, posts }) {
  const keys = new Map(posts.map((post) => [post.id, post.key]));
  const found = new Map();
  for (const { earlier, later, networks } of days.close) {
    for (const [one, other] of [[earlier, later], [later, earlier]]) {
      const text = closeText(keys.get(other) ?? "", networks);
      found.set(one, found.has(one) ? `${found.get(one)} ${text}` : text);
    }
  }
  return found;
}

const closeText = (key) => window.postboardWords.t("Less than an hour from {post} on the same network.", { post: key });

/* In words; what was said of another state no longer holds. */
function riskOf(risk, post, words, stateNames) {
  if (!risk || risk[1] !== post.state) return "";
  return words.t("At risk: {percent} % in time, held in {step}", { percent: risk[0], step: stateNames[risk[1]] });
}

function viewName(view, words) {
  return { month: words.t("Month"), week: words.t("Week"), day: words.t("Day"), list: words.t("List") }[view];
}

function useStore(handlers) {
  const [store] = useState(
    () =>
      new CalendarStore({
        look: (number, view) => handlers.current.onLook(number, view),
        refresh: (ids, view) => handlers.current.onRefresh(ids, view),
        lookAhead: (ids) => handlers.current.onLookAhead(ids),
        move: (post, version, at, view) => handlers.current.onMove(post, version, at, view),
      }),
  );
  return store;
}

/* Asked for as soon as this file runs: it comes while the page wakes up. */
const coming = inBrowser && import("./calendar_grid.jsx");

function useGrid() {
  const [found, setFound] = useState(null);
  useEffect(() => {
    coming.then((module) => setFound(() => module.CalendarGrid));
  }, []);
  return found;
}

/* View, day and clock live in the address. */
function usePlace() {
  const [place, setPlace] = useState({ view: "month", day: "", clock: "" });
  const started = useRef(false);
  useEffect(() => {
    const named = new URLSearchParams(window.location.search);
    const view = VIEWS.includes(named.get("view")) ? named.get("view") : matchMedia(PHONE).matches ? "list" : "month";
    const day = /^20\d\d-\d\d-\d\d$/.test(named.get("date") ?? "") && !Number.isNaN(Date.parse(named.get("date"))) ? named.get("date") : dayOf(wallOf(Date.now()));
    const clock = ["mine", "client"].includes(named.get("clock")) ? named.get("clock") : "";
    started.current = true;
    setPlace({ view, day, clock });
  }, []);
  const change = useCallback((changes) => {
    setPlace((before) => {
      const after = { ...before, ...changes };
      if (JSON.stringify(after) === JSON.stringify(before)) return before;
      if (started.current) setAddress({ view: after.view, date: after.day, clock: after.clock }, ["view", "date", "clock"]);
      return after;
    });
  }, []);
  return [place, change];
}

/* What a person likes best stays in this browser. */
function useTaste() {
  const [taste, setTaste] = useState({ colours: "state", firstDay: "", tray: false });
  useEffect(() => {
    try {
      setTaste((before) => ({ ...before, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") }));
    } catch {
      /* storage is blocked, or holds something else */
    }
  }, []);
  const change = (changes) =>
    setTaste((before) => {
      const after = { ...before, ...changes };
      try {
        localStorage.setItem(KEPT, JSON.stringify(after));
      } catch {
        /* storage is blocked: it then holds as long as the page */
      }
      return after;
    });
  return [taste, change];
}

/* j and k turn the pages, t goes to today; m, w, d and l choose the view. */
function useKeys(does) {
  const latest = useRef(does);
  latest.current = does;
  useEffect(() => {
    const onKey = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest?.("input,textarea,select,dialog,[contenteditable]")) return;
      const { turn, today, setView, add } = latest.current;
      const view = { m: "month", w: "week", d: "day", l: "list" }[event.key];
      if (view) setView(view);
      else if (event.key === "j") turn(1);
      else if (event.key === "k") turn(-1);
      else if (event.key === "t") today();
      else if (event.key === "c") add();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

const spelling = () => (inBrowser && navigator.languages.find((own) => own.startsWith("en"))) || "en";
