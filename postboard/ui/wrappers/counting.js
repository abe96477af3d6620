/* How long a text is, as each network counts it: `domain/counting.py`, in the browser. */

const LINK_LENGTH = 23;

const LETTER = String.raw`A-Za-z0-9\u00c0-\u024f`;
const LABEL = String.raw`[${LETTER}](?:[${LETTER}\-]{0,61}[${LETTER}])?\.`;
const IN_PATH = String.raw`${LETTER}\u0400-\u04ff!$%&'*+,\-.\/:;=?@_~#|\[\]`;
const PATH = String.raw`(?:[\/?#](?:\([${IN_PATH}]*\)|[${IN_PATH}])*)?`;
const COMMON =
  "com|org|net|edu|gov|io|co|app|dev|ai|me|tv|info|biz|shop|store|blog|cloud|xyz|online|site";
const COUNTRY =
  "eu|uk|de|fr|es|it|nl|at|ch|be|dk|se|no|fi|pl|pt|ie|cz|us|ca|au|nz|jp|cn|hk|tw|kr|sg|in|br|mx";
const FULL_LINK = new RegExp(
  String.raw`https?:\/\/(?:${LABEL}){1,8}[A-Za-z]{2,24}(?::\d+)?${PATH}`,
  "giu",
);
/* As X finds them: acme.com, www.acme.de and acme.de/menu are links, acme.de alone is not. */
const BARE_LINK = new RegExp(
  String.raw`(?<![${LETTER}@#$._\/\-])` +
    String.raw`(?:(?:${LABEL}){1,8}(?:${COMMON})|(?:${LABEL}){2,8}(?:${COUNTRY})|${LABEL}(?:${COUNTRY})(?=\/))` +
    String.raw`(?![${LETTER}@\-])${PATH}`,
  "giu",
);
const LINK_TAIL = /[.,:;!?'*|[\]]*$/u;

const EMOJI =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}[\ufe0f\u200d\u{1f3fb}-\u{1f3ff}]|[0-9#*]\ufe0f?\u20e3)/u;
const FULL_MENTION =
  /(?<![A-Za-z0-9_/])(@[A-Za-z0-9_]+)@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*/gu;
/* Code points that X counts as one; all others are two. */
const LIGHT = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** `how`: "codepoints", "graphemes", "utf16", "bytes", "weighted", "threads", "mastodon", "weibo". */
export function count(text, how) {
  if (lately[how]?.text !== text) lately[how] = { text, length: WAYS[how](text) };
  return lately[how].length;
}

/* Many networks count one text in one way, and are drawn more often than it changes. */
const lately = {};

const WAYS = {
  codepoints: (text) => sum(text, () => 1),
  graphemes,
  utf16: (text) => text.length,
  bytes,
  weighted: (text) => {
    const plain = withShortLinks(text.normalize("NFC"), FULL_LINK, BARE_LINK);
    return sum(clusters(plain), (cluster) => (EMOJI.test(cluster) ? 2 : sum(cluster, weight)));
  },
  threads: (text) =>
    sum(clusters(text), (cluster) => (EMOJI.test(cluster) ? bytes(cluster) : [...cluster].length)),
  mastodon: (text) => graphemes(withShortLinks(text, FULL_LINK).replace(FULL_MENTION, "$1")),
  weibo: (text) => Math.ceil(sum(text, halves) / 2),
};

function weight(character) {
  const point = character.codePointAt(0);
  return LIGHT.some(([first, last]) => first <= point && point <= last) ? 1 : 2;
}

function halves(character) {
  const point = character.codePointAt(0);
  return point < 0x100 ? 1 : point < 0x10000 ? 2 : 4;
}

function bytes(text) {
  return new TextEncoder().encode(text).length;
}

function graphemes(text) {
  return sum(clusters(text), () => 1);
}

function* clusters(text) {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

function withShortLinks(text, ...kinds) {
  return kinds.reduce((done, kind) => done.replace(kind, shortened), text);
}

function shortened(link) {
  return "x".repeat(LINK_LENGTH) + link.match(LINK_TAIL)[0];
}

function sum(parts, worth) {
  let total = 0;
  for (const part of parts) total += worth(part);
  return total;
}
