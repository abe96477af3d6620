/* A figure as postboard/charts/figure.py writes it, made ready for Plotly: its words in the
   reader's language, its colours from the page's tokens as they are now. Draw it again when either
   changes; nothing has to be fetched for it. */

const SHORT_DAY = { day: "numeric", month: "short", timeZone: "UTC" };
const LETTER_PX = 7;
const GAP_PX = 10;
const FIGURE_PX = 56;
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

/** The same with only so many names under its axes as `width` px have room for. */
export function fitted(figure, width) {
  const margin = figure.layout.margin;
  const room = Math.max(width - margin.l - margin.r, LETTER_PX);
  const layout = { ...figure.layout };
  for (const name of Object.keys(layout).filter((key) => key.startsWith("xaxis"))) {
    const { ticktext, tickvals } = layout[name];
    if (!ticktext) {
      layout[name] = { ...layout[name], nticks: Math.max(2, Math.floor(room / FIGURE_PX)) };
      continue;
    }
    const widest = Math.max(0, ...ticktext.map((text) => wide(text))) + GAP_PX;
    const every = Math.ceil((ticktext.length * widest) / room) || 1;
    const kept = (_, place) => place % every === 0;
    if (every > 1) layout[name] = { ...layout[name], ticktext: ticktext.filter(kept), tickvals: tickvals.filter(kept) };
  }
  return { ...figure, layout };
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
