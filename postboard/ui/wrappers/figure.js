/* A figure as postboard/charts/figure.py writes it, made ready for Plotly: its words in the
   reader's language, its colours from the page's tokens as they are now. Draw it again when either
   changes; nothing has to be fetched for it. */

const SHORT_DAY = { day: "numeric", month: "short", timeZone: "UTC" };
const LETTER_PX = 7;
const GAP_PX = 10;
const FIGURE_PX = 56;
const LEGEND_ROW_PX = 19;
const SWATCH_PX = 48; // before and behind a name
const BREAK = "<br>";
const WORDS = /[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*/g; // Chinese breaks anywhere
const COLOUR = /^(var|oklch)\(/;

/** `words` is what useWords() gives; `colourOf` turns a token into a colour that Plotly knows. */
export function readable(figure, words, colourOf) {
  const read = (part) => {
    if (typeof part === "string") return COLOUR.test(part) ? colourOf(part) : part;
    if (Array.isArray(part)) return part.map(read);
    if (part === null || typeof part !== "object") return part;
    if (Array.isArray(part.t)) return part.t.map((line) => escaped(said(line, words))).join(part.by ?? "<br>");
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, read(inner)]));
  };
  return read(figure);
}

/** The same for `width` px: names under its axes that have room, and a legend of as many rows as it
    takes. A category's name goes over lines before it is left out; a day's is left out. */
export function fitted(figure, width) {
  const margin = figure.layout.margin;
  const room = Math.max(width - margin.l - margin.r, LETTER_PX);
  const more = (legendRows(figure, width) - 1) * LEGEND_ROW_PX;
  const layout = { ...figure.layout, height: figure.layout.height + more, margin: { ...margin, b: margin.b + more } };
  for (const name of Object.keys(layout).filter((key) => key.startsWith("xaxis"))) {
    const { ticktext, tickvals, type } = layout[name];
    if (!ticktext) {
      layout[name] = { ...layout[name], nticks: Math.max(2, Math.floor(room / FIGURE_PX)) };
      continue;
    }
    const letters = Math.floor((room / ticktext.length - GAP_PX) / LETTER_PX);
    const texts = type === "date" ? ticktext : ticktext.map((text) => overLines(text, letters));
    const widest = Math.max(0, ...texts.flatMap((text) => text.split(BREAK)).map(wide)) + GAP_PX;
    const every = Math.ceil((texts.length * widest) / room) || 1;
    const kept = (_, place) => place % every === 0;
    layout[name] = { ...layout[name], ticktext: texts.filter(kept), tickvals: tickvals.filter(kept) };
  }
  return { ...figure, layout };
}

/* Plotly gives each name of a legend as much room as the widest takes. */
function legendRows({ data, layout }, width) {
  const names = data.filter((trace) => trace.showlegend).map((trace) => trace.name);
  if (!layout.showlegend || !names.length) return 1;
  const inRow = Math.floor(width / (Math.max(...names.map(wide)) + SWATCH_PX));
  return Math.ceil(names.length / Math.max(1, inRow));
}

function overLines(text, letters) {
  const lines = [""];
  for (const word of text.match(WORDS) ?? []) {
    const longer = lines.at(-1) + word;
    if (lines.at(-1) && wide(longer.trim()) > letters * LETTER_PX) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => line.trim()).join(BREAK);
}

/** Words of a chart: as they are, a day, or a sentence with its facts, which may be words again. */
export function said(node, words) {
  if (node === null || typeof node !== "object") return String(node ?? "");
  if (node.d) return node.short ? shortDay(node.d, words.language) : words.date(node.d, "day");
  const { t: sentence } = words;
  const facts = Object.entries(node.f ?? {}).map(([name, fact]) => [name, said(fact, words)]);
  return sentence(node.s, facts.length ? Object.fromEntries(facts) : undefined);
}

/** Reads tokens where `place` stands in the page, so that it follows its theme; each one once. */
export function coloursAt(place) {
  const probe = place.ownerDocument.createElement("span");
  const pixel = Object.assign(place.ownerDocument.createElement("canvas"), { width: 1, height: 1 });
  const pen = pixel.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  return (token) => {
    if (!known.has(token)) known.set(token, seen(token));
    return known.get(token);
  };

  /* Plotly knows no oklch: a pixel painted with it says what the screen makes of it. */
  function seen(token) {
    place.append(probe);
    probe.style.color = token;
    pen.fillStyle = getComputedStyle(probe).color;
    probe.remove();
    pen.clearRect(0, 0, 1, 1);
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
    return `rgb(${red},${green},${blue})`;
  }
}

/* Plotly reads some HTML in its texts; a post's words are no HTML. */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const wide = (text) => LETTER_PX * [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 2 : 1), 0);

const shortDay = (iso, language) =>
  new Intl.DateTimeFormat(language, SHORT_DAY).format(Date.parse(iso));
