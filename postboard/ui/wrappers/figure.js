/* A figure as the server writes it, put into the reader's words and the page's colours: texts are
   {t: [lines]}, colours are tokens of postboard.css. */

import { say } from "./chart_words.js";

const TOKEN = /^(var|oklch)\(/;

/** The figure with words and colours in it; `colour` turns a token into one that is drawn. */
export function dressed(node, words, colour) {
  if (typeof node === "string") return TOKEN.test(node) ? colour(node) : node;
  if (Array.isArray(node)) return node.map((one) => dressed(one, words, colour));
  if (node === null || typeof node !== "object") return node;
  if (Array.isArray(node.t)) return lineText(node, words);
  return Object.fromEntries(Object.entries(node).map(([name, one]) => [name, dressed(one, words, colour)]));
}

/** Every mark that has posts or words: its trace and point, its place in the chart, and its words. */
export function marksOf(data) {
  const marks = [];
  data.forEach((trace, at) => {
    if (!trace.meta?.length) return;
    const [panel, series, points] = trace.meta;
    const values = trace.orientation === "h" || !trace.y ? trace.x : trace.y;
    for (let mark = 0; mark * points < values.length; mark += 1) {
      if (values[mark * points] === null) continue;
      const text = trace.hovertext?.[mark * points] ?? "";
      marks.push({ trace: at, point: mark * points, mark: [panel, series, mark], text: plain(text || `${plain(trace.name)} ${values[mark * points]}`) });
    }
  });
  return marks;
}

/** Which mark was clicked, as the server names it. */
export function markOf(trace, point) {
  if (!trace.meta?.length) return null;
  const [panel, series, points] = trace.meta;
  return [panel, series, Math.floor(point / points)];
}

export const plain = (text) =>
  String(text ?? "").replace(/<br>/g, ", ").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function lineText({ t: lines, by }, words) {
  return lines.map((line) => escaped(said(line, words))).join(by ?? "<br>");
}

const said = (line, words) => (line?.short ? words.date(line.d, "day") : say(line, words));

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
