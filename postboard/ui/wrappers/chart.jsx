/* Charts: each states its question and what its answer is made of, is drawn when somebody comes
   near it, shows the posts behind a mark, and its numbers as a table. */

import { createContext, useContext, useEffect, useId, useRef, useState, useSyncExternalStore } from "react";
import { setAddress } from "./address.js";
import { Plot, savePicture } from "./chart_plot.jsx";
import { ChartStore, NOTHING } from "./chart_store.js";
import { cellText, say } from "./chart_words.js";
import { Dialog } from "./dialog.jsx";
import { useWords } from "./words.jsx";

const NEAR = "600px";
const inBrowser = typeof window !== "undefined";

let current; // the charts of the page
const unheard = []; // what the server said before they were mounted
if (inBrowser) {
  const charts = (...told) => (current ? current(...told) : unheard.push(told));
  window.postboard = { ...window.postboard, charts };
}

const Room = createContext(null);

/** All charts of a page: what they ask for, and what floats over them. */
export function Charts({ names, networks, mayLink, onLook, onBehind, onNumbers, onLink, onFile, children }) {
  const words = useWords();
  const handlers = useRef(null);
  handlers.current = { onLook, onBehind, onNumbers, onLink, onFile };
  const [store] = useState(() => new ChartStore((asked, part) => handlers.current.onLook(asked, part)));
  const shown = useSyncExternalStore(store.subscribe, store.getSnapshot, () => NOTHING);
  const said = useRef({});
  said.current = {
    loaded: () => store.reload(),
    filtered: (named) => {
      setAddress(named, names);
      store.reload();
    },
    show: (answer) => store.show(answer),
    numbers: (key, table) => store.numbers(key, table),
    behind: (answer) => store.behind(answer),
    // A spreadsheet takes it for UTF-8 by its first mark.
    file: (name, text) => save(name, URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }))),
  };
  useEffect(() => {
    current = (what, ...values) => said.current[what]?.(...values);
    unheard.splice(0).forEach((told) => current(...told));
    return () => (current = undefined);
  }, []);
  return (
    <Room.Provider value={{ store, shown, handlers, words }}>
      {children}
      {shown.behind && (
        <Behind behind={shown.behind} networks={networks} words={words} onClose={() => store.behind(null)}
          onLink={mayLink ? (id) => handlers.current.onLink(id) : null} />
      )}
    </Room.Provider>
  );
}

/** One chart, by the name that the server calls it; its part is asked for when it is near. */
export function Chart({ name, part, doings, children }) {
  const { store, shown, handlers, words } = useContext(Room);
  const frame = useRef(null);
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const isNear = useNear(frame, () => store.want(part));
  const chart = shown.charts[name];
  const busy = !chart || Boolean(shown.busy[part]);
  useEffect(() => {
    if (asTable && chart && !chart.empty && !shown.tables[name]) handlers.current.onNumbers(name);
  }, [asTable, chart, shown.tables[name]]);
  if (!chart) return <figure ref={frame} id={name} className="chart chart-coming" aria-busy="true" data-chart={name} />;
  const table = shown.tables[name];
  return (
    <figure ref={frame} id={name} className="chart" aria-labelledby={id} aria-busy={busy} data-chart={name}>
      <figcaption className="chart-head">
        <h3 id={id} className="chart-title">{say(chart.title, words)}</h3>
        {!chart.empty && <Doing {...{ chart, asTable, setAsTable, frame, handlers, words }} />}
        {children && <div className="chart-chooser">{children}</div>}
        <p className="chart-facts">{chart.facts.map((fact, at) => <span key={at}>{say(fact, words)}</span>)}</p>
      </figcaption>
      {chart.empty ? (
        <Empty chart={chart} doings={doings} words={words} />
      ) : asTable ? (
        <Numbers table={table} title={say(chart.title, words)} words={words} />
      ) : (
        <div className="chart-room" style={{ minHeight: chart.figure.layout.height }}>
          {isNear && (
            <Plot chart={chart} words={words} label={say(chart.title, words)}
              onMark={(panel, series, mark) => handlers.current.onBehind(name, panel, series, mark)} />
          )}
        </div>
      )}
      {!chart.empty && chart.benchmarks.map((note, at) => (
        <p key={at} className="chart-benchmark">
          <span>{say(note.says, words)}</span>
          {note.url && <a href={note.url} target="_blank" rel="noreferrer">{words.t("Source")}</a>}
        </p>
      ))}
      {chart.notes.map((note, at) => <p key={at} className="chart-note">{say(note, words)}</p>)}
    </figure>
  );
}

function Doing({ chart, asTable, setAsTable, frame, handlers, words }) {
  const menu = useRef(null);
  const picture = async (kind) => {
    menu.current.removeAttribute("open");
    save(`${chart.key}.${kind}`, await savePicture(chart, kind, words));
  };
  const file = () => {
    menu.current.removeAttribute("open");
    handlers.current.onFile(chart.key, words.language);
  };
  return (
    <div className="chart-doing">
      <button type="button" className="chart-door" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
        {words.t("Numbers")}
      </button>
      <details ref={menu} className="chart-menu" data-menu="">
        <summary className="chart-door" aria-label={words.t("Download “{title}”", { title: say(chart.title, words) })}>{words.t("Download")}</summary>
        <div>
          <button type="button" onClick={() => picture("png")}>PNG</button>
          <button type="button" onClick={() => picture("svg")}>SVG</button>
          <button type="button" onClick={file}>CSV</button>
        </div>
      </details>
    </div>
  );
}

function Empty({ chart, doings, words }) {
  const doing = doings[chart.doing];
  return (
    <p className="chart-empty">
      <span>{say(chart.empty, words)}</span>
      {doing?.href && <a className="button" href={doing.href}>{doing.name}</a>}
    </p>
  );
}

function Numbers({ table, title, words }) {
  if (!table) return <div className="chart-room" aria-busy="true" />;
  return (
    <div className="chart-numbers" tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption className="unseen">{title}</caption>
        <thead>
          <tr>
            {table.columns.map((column, at) => (
              <th key={at} scope="col" data-number={column.unit ? "" : undefined}>{say(column.name, words)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, number) => (
            <tr key={number}>
              {row.map((cell, at) => {
                const { unit } = table.columns[at];
                return <td key={at} dir="auto" data-number={unit ? "" : undefined}>{cellText(cell, unit, words)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/* The posts behind a mark. */
function Behind({ behind, networks, words, onClose, onLink }) {
  const link = (id) => {
    onClose();
    onLink(id);
  };
  return (
    <Dialog label={say(behind.title, words)} kind="chart-behind" onClose={onClose}>
      {behind.said.map((line, at) => <p key={at} className="quiet">{say(line, words)}</p>)}
      <ol className="behind-posts">
        {behind.posts.map((post) => (
          <li key={post.id}>
            <span className="network" data-network={post.network} role="img" aria-label={networks[post.network] ?? post.network} />
            <div className="behind-words">
              <a href={post.href || undefined} target={post.outside ? "_blank" : undefined} rel={post.outside ? "noreferrer" : undefined} dir="auto">
                {post.text || words.t("No words")}
              </a>
              <p className="behind-facts">
                {post.key && <span>{post.key}</span>}
                <time dateTime={post.at}>{words.date(post.at, post.timed ? "daytime" : "day", post.zone)}</time>
                {post.said.map((fact, at) => <span key={at}>{say(fact, words)}</span>)}
                {onLink && post.measured && (
                  <button type="button" className="link" onClick={() => link(post.id)}>
                    {post.key ? words.t("Another post of yours…") : words.t("Link to a post of yours…")}
                  </button>
                )}
              </p>
            </div>
          </li>
        ))}
      </ol>
      {behind.more > 0 && <p className="quiet">{words.plural("{n} more post", "{n} more posts", behind.more)}</p>}
    </Dialog>
  );
}

/** The week in words: sentences, each with the way to what it is said of. */
export function Week({ part }) {
  const { store, shown, words } = useContext(Room);
  const frame = useRef(null);
  useNear(frame, () => store.want(part));
  const groups = shown.week?.groups;
  return (
    <div ref={frame} className="week-words" aria-busy={!groups || Boolean(shown.busy[part])}>
      {groups && <p className="week-days">{say(shown.week.days, words)}</p>}
      {groups ? (
        groups.map((group) => (
          <section key={group.key} className="week-group" data-kind={group.key}>
            <h3>{say(group.title, words)}</h3>
            <ul>
              {group.lines.map((line, at) => (
                <li key={at} data-tone={line.tone}>
                  {line.href ? <a href={line.href} dir="auto">{say(line.says, words)}</a> : <span dir="auto">{say(line.says, words)}</span>}
                  {line.more && <span className="week-more" dir="auto">{say(line.more, words)}</span>}
                </li>
              ))}
            </ul>
          </section>
        ))
      ) : (
        <div className="week-coming" />
      )}
    </div>
  );
}

/** The figures of flow: what each is, beside the period before, and how it is defined. */
export function FlowFigures({ part }) {
  const { store, shown, words } = useContext(Room);
  const frame = useRef(null);
  useNear(frame, () => store.want(part));
  const figures = shown.figures ?? [];
  return (
    <div ref={frame} className="chart flow-figures" aria-busy={!shown.figures || Boolean(shown.busy[part])} tabIndex={0} role="region" aria-label={words.t("Figures of the flow")}>
      <table>
        <caption className="chart-title">{words.t("Figures of the flow")}</caption>
        <thead>
          <tr>
            <th scope="col">{words.t("Figure")}</th>
            <th scope="col">{words.t("This period")}</th>
            <th scope="col">{words.t("The period before")}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((one) => (
            <tr key={one.key}>
              <th scope="row">{say(one.title, words)}</th>
              <td>
                {say(one.value, words)}
                {one.facts.map((fact, at) => <span key={at} className="week-more">{say(fact, words)}</span>)}
              </td>
              <td>{say(one.before, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {figures.length > 0 && (
        <details className="definitions">
          <summary>{words.t("What these figures are")}</summary>
          <ul>{figures.map((one) => <li key={one.key}>{say(one.definition, words)}</li>)}</ul>
        </details>
      )}
    </div>
  );
}

function useNear(frame, onNear) {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !frame.current) return undefined;
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.at(-1).isIntersecting) return; // of what a busy browser tells at once, the last holds
        setNear(true);
        onNear();
      },
      { rootMargin: NEAR },
    );
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, [near, frame.current]);
  return near;
}

function save(name, address) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
