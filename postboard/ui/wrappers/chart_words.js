/* What the server says of a chart, in the reader's language. A node is text as it is, a number,
   {s: sentence, f: facts} or {d: ISO day}. */

import { said } from "./figure.js";

export function say(node, words) {
  if (node === null || node === undefined) return "–";
  return typeof node === "number" ? number(node, words) : said(node, words);
}

const number = (value, words) => new Intl.NumberFormat(words.language, { maximumFractionDigits: 2 }).format(value);

const UNITS = { percent: "%", times: "×" };

/** A number of a table: digits that count, and its unit where it has a sign. */
export function cellText(cell, unit, words) {
  if (typeof cell !== "number") return say(cell, words);
  const digits = digitsOf(Math.abs(cell), unit);
  const text = new Intl.NumberFormat(words.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(cell);
  return text + (UNITS[unit] ?? "");
}

/* As many as beside the chart's own marks. */
function digitsOf(size, unit) {
  if (unit === "money") return 2;
  if (unit === "percent") return size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
  return Number.isInteger(size) ? 0 : 1;
}
