/* What goes out on each network, from the words as typed so far: `domain.content.Words` says the
   same in Python, and a test holds the two together. */

/** The whole text as it goes out: the caption, then mentions and hashtags it lacks. */
export function captionOn(words, network) {
  const text = variantOn(words, network)?.caption ?? words.caption;
  const marks = [
    ...(words.mentions ?? []).map((name) => `@${name}`),
    ...(words.hashtags ?? []).map((tag) => `#${tag}`),
  ];
  return marks.length ? withMarks(text, marks) : text;
}

export function titleOn(words, network) {
  return variantOn(words, network)?.title ?? words.title;
}

export function firstCommentOn(words, network) {
  return variantOn(words, network)?.first_comment ?? words.first_comment;
}

/** The link with its UTM parameters, which replace equal ones that it has already. */
export function linkOn(words, network) {
  const added = UTM.filter((name) => words.utm?.[name]).map((name) => [
    `utm_${name}`,
    words.utm[name].replaceAll("{network}", network),
  ]);
  if (!words.link || !added.length) return words.link;
  const [, scheme, place, path, query = "", fragment] = ADDRESS.exec(words.link);
  const kept = [...new URLSearchParams(`?${query}`)].filter(([name]) => added.every(([own]) => own !== name));
  const asked = [...kept, ...added].map((pair) => pair.map(encoded).join("=")).join("&");
  const start = (scheme ? `${scheme.toLowerCase()}:` : "") + (place === undefined ? "" : `//${place}`);
  return `${start}${path}?${asked}${fragment ? `#${fragment}` : ""}`;
}

export function placementsOn(words, network) {
  return variantOn(words, network)?.placements ?? FEED;
}

export function placementNames(t) {
  return { feed: t("Feed"), story: t("Story"), reel: t("Reel"), ad: t("Ad") };
}

/** The point of a picture that a placement's crop keeps in view, as `object-position`. */
export function focusOf(media, placement) {
  const of = (name) => media.focus?.find((each) => each.placement === name);
  return of(placement) ?? of("") ?? CENTRE;
}

export const positionOf = ({ x, y }) => `${x * 100}% ${y * 100}%`;

/* Most networks say the same: their common text is looked through once. */
let lately = {};

function withMarks(text, marks) {
  const key = marks.join(" ");
  if (lately.text === text && lately.key === key) return lately.whole;
  const said = new Set(withoutCase(text).split(SPACE));
  const missing = marks.filter((mark) => !said.has(withoutCase(mark))).join(" ");
  const whole = [text, missing].filter(Boolean).join("\n\n");
  lately = { text, key, whole };
  return whole;
}

const CENTRE = Object.freeze({ x: 0.5, y: 0.5 });
const FEED = ["feed"];
const UTM = ["source", "medium", "campaign", "term", "content"];
const ADDRESS = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is;
/* What Python's str.split() takes for space. */
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

const variantOn = (words, network) => words.variants?.find((each) => each.network === network);

/* As str.casefold() compares: ß is SS, but the dotless ı is no i. */
function withoutCase(text) {
  return text.split("ı").map((part) => part.toLowerCase().toUpperCase()).join("ı");
}

function encoded(text) {
  return encodeURIComponent(text.toWellFormed?.() ?? text)
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
