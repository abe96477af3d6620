/* Where a network folds a text, and which of its parts it colours. Neither asks the layout. */

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const LAST_WORD = /\s\S{0,24}$/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What stands before "more", or null where all of it stands. A wide character counts as two. */
export function folded(text, { chars, lines }) {
  if (text.length <= chars / 2 && !text.includes("\n")) return null;
  const line = chars / lines;
  let used = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    if (segment === "\n") used = (Math.floor(used / line) + 1) * line;
    else used += WIDE.test(segment) ? 2 : 1;
    if (used >= chars && index + segment.length < text.length) return before(text, index, segment);
  }
  return null;
}

/* Between two words where one begins nearby. */
function before(text, index, segment) {
  const head = text.slice(0, index + (segment === "\n" ? 0 : segment.length));
  const inWord = /\S/u.test(text[head.length] ?? "");
  return (inWord ? head.replace(LAST_WORD, "") : head).trimEnd();
}

const URL = String.raw`https?:\/\/[^\s<>"“”，。！？、；：（）《》]+`;
const TAG = String.raw`(?<![\p{L}\p{N}_&])[#＃][\p{L}\p{N}\p{M}_]*[\p{L}_][\p{L}\p{N}\p{M}_]*`;
const CLOSED_TAG = String.raw`#[^#\n]{1,140}#`;
const MENTION = String.raw`(?<![\p{L}\p{N}_.])[@＠][\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?`;
const patterns = new Map();
const lately = new Map(); // most networks say the same

/** The text in pieces, `[piece, tinted]`. */
export function pieces(text, tints, closed = false) {
  if (!tints) return [[text, false]];
  const key = tints + closed;
  const before = lately.get(key);
  if (before?.text === text) return before.found;
  const found = [];
  let from = 0;
  for (const match of text.matchAll(patternOf(tints, closed))) {
    const piece = match[0].replace(/[.,;:!?'")\]]+$/u, "");
    if (match.index > from) found.push([text.slice(from, match.index), false]);
    found.push([piece, true]);
    from = match.index + piece.length;
  }
  if (from < text.length) found.push([text.slice(from), false]);
  lately.set(key, { text, found });
  return found;
}

function patternOf(tints, closed) {
  const key = tints + closed;
  if (!patterns.has(key)) {
    const kinds = { u: URL, "#": closed ? CLOSED_TAG : TAG, "@": MENTION };
    // Addresses first: an @ or # inside one is its own.
    const wanted = ["u", "#", "@"].filter((kind) => tints.includes(kind)).map((kind) => kinds[kind]);
    patterns.set(key, new RegExp(wanted.join("|"), "gu"));
  }
  return patterns.get(key);
}
