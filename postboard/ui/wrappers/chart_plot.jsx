/* The drawing itself. Plotly is loaded with the first chart that comes near; colours are those of
   the page's tokens, read anew when the theme changes. */

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { marksOf, placeOf } from "./chart_marks.js";
import { say } from "./chart_words.js";
import { coloursAt, fitted, readable } from "./figure.js";

const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false, showTips: false };
const PICTURE = { width: 1200, scale: 2, room: 96 };
const PER_LINE = 120; // letters of a picture's subtitle

let coming;
const plotly = () => (coming ??= import("plotly.js-basic-dist-min").then((module) => module.default ?? module));

export function Plot({ chart, label, words, onMark }) {
  const frame = useRef(null);
  const canvas = useRef(null);
  const [said, setSaid] = useState("");
  const theme = useSyncExternalStore(onTheme, themeNow, () => "");
  const width = useWidth(frame);
  const open = useRef(onMark);
  open.current = onMark;
  const marks = useRef([]);
  const at = useRef(-1);
  useEffect(() => {
    let gone = false;
    if (!width) return undefined;
    plotly().then((Plotly) => {
      if (gone || !canvas.current) return;
      const figure = fitted(readable(chart.figure, words, coloursAt(frame.current)), width);
      const font = { ...figure.layout.font, family: getComputedStyle(frame.current).fontFamily };
      Plotly.react(canvas.current, figure.data, { ...figure.layout, width, font, autosize: false }, CONFIG);
      marks.current = marksOf(figure.data);
      at.current = -1;
      canvas.current.removeAllListeners("plotly_click");
      canvas.current.on("plotly_click", ({ points: [point] }) => {
        const place = placeOf(point.data, point.pointNumber);
        if (place) open.current(...place);
      });
    });
    return () => (gone = true);
  }, [chart, words, theme, width]);
  useEffect(() => {
    const drawn = canvas.current;
    return () => void coming?.then((Plotly) => Plotly.purge(drawn));
  }, []);
  const walk = async (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const count = marks.current.length;
    if (event.key === "Enter" && marks.current[at.current]) open.current(...marks.current[at.current].place);
    if (!step || !count) return;
    event.preventDefault();
    at.current = at.current < 0 && step < 0 ? count - 1 : (at.current + step + count) % count;
    const { trace, point, text } = marks.current[at.current];
    (await plotly()).Fx.hover(canvas.current, [{ curveNumber: trace, pointNumber: point }]);
    setSaid(text);
  };
  const leave = () => coming?.then((Plotly) => canvas.current && Plotly.Fx.unhover(canvas.current));
  return (
    <div ref={frame} className="plot" role="group" tabIndex={0} onKeyDown={walk} onBlur={leave}
      aria-label={label} aria-description={words.t("Arrow keys walk over the marks, Enter shows the posts behind one.")}>
      <div ref={canvas} className="plot-canvas" aria-hidden="true" style={{ minHeight: chart.figure.layout.height }} />
      <span className="unseen" role="status">{said}</span>
    </div>
  );
}

/** The address of a picture that says all that stands around the chart too. */
export async function savePicture(chart, kind, words) {
  const Plotly = await plotly();
  const colourOf = coloursAt(document.body);
  const figure = fitted(readable(chart.figure, words, colourOf), PICTURE.width);
  const facts = folded(chart.facts.map((fact) => say(fact, words)).join(" · "));
  const below = [...chart.benchmarks.map((note) => say(note.says, words)), ...chart.notes.map((note) => say(note, words))].flatMap(folded);
  const { layout } = figure;
  const top = PICTURE.room + 18 * facts.length;
  const bottom = (layout.margin?.b ?? 40) + 18 * below.length + 16;
  const grown = top - (layout.margin?.t ?? 0) + bottom - (layout.margin?.b ?? 0);
  const height = layout.height + grown;
  const ink = colourOf("var(--n12)");
  const quiet = colourOf("var(--n10)");
  const beside = { xref: "paper", yref: "paper", x: 0, xanchor: "left", align: "left", showarrow: false };
  const notes = [
    { ...beside, y: 1, yanchor: "bottom", yshift: PICTURE.room - 40 + 18 * facts.length, text: `<b>${escaped(say(chart.title, words))}</b>`, font: { size: 20, color: ink } },
    { ...beside, y: 1, yanchor: "bottom", yshift: PICTURE.room - 60, text: facts.map(escaped).join("<br>"), font: { size: 13, color: quiet } },
    { ...beside, y: 0, yanchor: "top", yshift: -(layout.margin?.b ?? 40), text: below.map(escaped).join("<br>"), font: { size: 12, color: quiet } },
  ];
  const whole = {
    ...layout,
    height,
    width: PICTURE.width,
    margin: { ...layout.margin, t: top, b: bottom },
    paper_bgcolor: colourOf("var(--surface)"),
    annotations: [...(layout.annotations ?? []), ...notes.filter((note) => note.text)],
  };
  const format = { format: kind, width: PICTURE.width, height, scale: kind === "png" ? PICTURE.scale : 1 };
  return Plotly.toImage({ data: figure.data, layout: whole }, format);
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function folded(text) {
  const lines = [""];
  for (const word of text.split(/(?<=\s|[，。；：·])/)) {
    if ((lines.at(-1) + word).length > PER_LINE) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines.filter(Boolean);
}

const themeNow = () => (typeof document === "undefined" ? "" : document.documentElement.classList.contains("dark") ? "dark" : "light");

function onTheme(changed) {
  const watch = new MutationObserver(changed);
  watch.observe(document.documentElement, { attributeFilter: ["class"] });
  return () => watch.disconnect();
}

function useWidth(frame) {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  return width;
}
