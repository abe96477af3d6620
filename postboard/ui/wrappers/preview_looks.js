/* How each network lays a post out: one row a network, data only. Colours are in preview.css.

   width      of a post on a desktop, px; a phone's is PHONE_PX
   parts      what stands under what
   head       what the name line shows: `name`, what stands `beside` it and `below` it, `follow`
   fold       about how many half-width characters, in how many lines, stand before "more"
   tints      which of # @ and u(rl) the network colours; `closed`: only #this# is a hashtag there
   media      `kind` of layout, `ratio` (least, most) that it keeps, `most` it takes, `needs` one
   link       what becomes of the link: a card, a button, a sticker
   actions    icons, with their words where the network has them; "|" pushes the rest to the end
   comment    the first comment is seen below
   altMark    pictures with an alt text say so
   safe       per cent that the network's own controls cover: top, right, bottom, left */

export const PHONE_PX = 375;

const TALL = { kind: "slides", ratio: [9 / 16, 9 / 16], most: 1, needs: "media" };
const CARD = ["head", "text", "media", "link", "actions", "comment"];

const STORY = {
  shape: "tall",
  head: { name: "handle", beside: ["time"] },
  progress: true,
  media: { ...TALL, most: 10 },
  link: "sticker",
  rail: [],
  bar: true,
  hides: "caption",
  safe: [14, 0, 20, 0],
};

const REEL = {
  shape: "tall",
  head: { name: "handle", follow: "follow" },
  fold: { chars: 56, lines: 1 },
  more: "more",
  tints: "#@",
  media: { ...TALL, needs: "video" },
  rail: ["heart", "comment", "repost", "send", "dots"],
  safe: [14, 14, 35, 6],
};

export const LOOKS = {
  facebook: {
    feed: {
      width: 500,
      parts: CARD,
      head: { name: "name", below: ["time", "globe"] },
      fold: { chars: 477, lines: 5 },
      more: "seeMore",
      tints: "#@u",
      media: { kind: "grid", grid: "facebook", ratio: [0.8, 1.91], most: 10 },
      link: "card",
      actions: [["thumb", "like"], ["comment", "comment"], ["share", "share"]],
      comment: true,
    },
    ad: {
      width: 500,
      parts: ["head", "text", "media", "ad", "actions"],
      head: { name: "name", below: ["sponsored", "globe"] },
      fold: { chars: 125, lines: 3 },
      more: "seeMore",
      tints: "#@u",
      media: { kind: "slides", ratio: [0.8, 1.91], most: 10, needs: "media" },
      actions: [["thumb", "like"], ["comment", "comment"], ["share", "share"]],
    },
    story: { ...STORY, head: { name: "name", beside: ["time"] } },
    reel: { ...REEL, head: { name: "name", follow: "follow" }, rail: ["thumb", "comment", "share", "dots"] },
  },
  instagram: {
    feed: {
      width: 470,
      parts: ["head", "media", "actions", "text", "comment", "time"],
      head: { name: "handle" },
      lead: true,
      fold: { chars: 125, lines: 2 },
      more: "more",
      tints: "#@",
      media: { kind: "slides", ratio: [0.75, 1.91], most: 20, needs: "media" },
      actions: [["heart"], ["comment"], ["repost"], ["send"], "|", ["bookmark"]],
      comment: true,
    },
    story: STORY,
    reel: REEL,
  },
  x: {
    feed: {
      width: 598,
      altMark: true,
      column: true,
      parts: CARD,
      head: { name: "name", beside: ["handle", "time"] },
      fold: { chars: 280, lines: 12 },
      more: "showMore",
      tints: "#@u",
      media: { kind: "grid", grid: "x", ratio: [0.75, 1.91], most: 4 },
      link: "card",
      actions: [["comment"], ["repost"], ["heart"], ["views"], ["bookmark"], ["upload"]],
      comment: true,
    },
  },
  linkedin: {
    feed: {
      width: 555,
      parts: CARD,
      head: { name: "name", below: ["time", "globe"], follow: "plusFollow", square: true },
      fold: { chars: 210, lines: 3 },
      more: "dotsMore",
      tints: "#@u",
      media: { kind: "grid", grid: "linkedin", ratio: [0.8, 1.91], most: 20 },
      link: "card",
      actions: [["thumb", "like"], ["bubble", "comment"], ["repost", "repost"], ["send", "send"]],
      comment: true,
    },
  },
  tiktok: {
    feed: {
      ...REEL,
      head: { name: "handle" },
      fold: { chars: 90, lines: 2 },
      media: { ...TALL, most: 35 },
      rail: ["avatar", "heart", "bubble", "bookmark", "share"],
      sound: true,
      safe: [7, 14, 25, 6],
    },
  },
  youtube: {
    feed: {
      width: 640,
      parts: ["media", "title", "head", "actions", "box", "comment"],
      head: { name: "name", follow: "subscribe" },
      fold: { chars: 180, lines: 3 },
      more: "dotsMore",
      tints: "#@u",
      media: { kind: "slides", ratio: [16 / 9, 16 / 9], most: 1, needs: "video" },
      pills: true,
      actions: [["thumb", "like"], ["share", "share"], ["bookmark", "save"]],
      comment: true,
    },
    reel: {
      ...REEL,
      head: { name: "handle", follow: "subscribe" },
      titled: true,
      rail: ["thumb", "bubble", "share", "repost"],
      safe: [12, 16, 28, 4],
    },
  },
  pinterest: {
    feed: {
      width: 760,
      split: true,
      parts: ["media", "actions", "title", "text", "head", "comment"],
      head: { name: "name", follow: "follow" },
      fold: { chars: 110, lines: 2 },
      more: "more",
      tints: "u",
      media: { kind: "slides", ratio: [0.5, 1.5], most: 5, needs: "media" },
      visit: true,
      actions: [["heart"], ["comment"], ["upload"], ["dots"], "|", "save"],
      comment: true,
    },
  },
  threads: {
    feed: {
      width: 600,
      column: true,
      parts: CARD,
      head: { name: "handle", beside: ["time"] },
      tints: "#@u",
      media: { kind: "strip", ratio: [0.56, 1.91], most: 20 },
      link: "card",
      actions: [["heart"], ["comment"], ["repost"], ["send"]],
      comment: true,
    },
  },
  bluesky: {
    feed: {
      width: 600,
      altMark: true,
      column: true,
      parts: CARD,
      head: { name: "name", beside: ["handle", "time"] },
      tints: "#@u",
      media: { kind: "grid", grid: "x", ratio: [0.5, 2], most: 4 },
      link: "card",
      actions: [["bubble"], ["repost"], ["heart"], ["bookmark"], ["upload"], ["dots"]],
      comment: true,
    },
  },
  mastodon: {
    feed: {
      width: 580,
      altMark: true,
      parts: CARD,
      head: { name: "name", below: ["handle"], end: ["globe", "time"], rounded: true },
      tints: "#@u",
      media: { kind: "grid", grid: "x", ratio: [0.56, 2], most: 4 },
      link: "card",
      actions: [["reply"], ["repost"], ["star"], ["bookmark"], ["dots"]],
      comment: true,
    },
  },
  google_business: {
    feed: {
      width: 480,
      parts: ["head", "media", "text", "button", "actions"],
      head: { name: "name", below: ["time"] },
      fold: { chars: 200, lines: 4 },
      more: "more",
      tints: "",
      media: { kind: "slides", ratio: [4 / 3, 4 / 3], most: 1 },
      actions: ["|", ["share"]],
    },
  },
  weibo: {
    feed: {
      width: 620,
      parts: CARD,
      head: { name: "name", below: ["time", "fromWeb"], follow: "plusFollow" },
      fold: { chars: 280, lines: 8 },
      more: "unfold",
      tints: "#@u",
      closed: true,
      media: { kind: "nine", ratio: [0.75, 1.78], most: 9 },
      link: "chip",
      actions: [["upload", "forward"], ["comment", "comment"], ["thumb", "praise"]],
      comment: true,
    },
  },
  wechat: {
    feed: {
      width: 677,
      parts: ["cover", "title", "byline", "text", "media", "read", "actions", "comment"],
      tints: "",
      media: { kind: "stack", ratio: [0, 9], most: 40 },
      actions: ["|", ["share", "share"], ["thumb", "praise"], ["heart", "recommend"]],
      comment: true,
    },
  },
  xiaohongshu: {
    feed: {
      width: 800,
      split: true,
      parts: ["head", "media", "title", "text", "time", "comment", "actions"],
      head: { name: "name", follow: "follow" },
      tints: "#@",
      media: { kind: "slides", ratio: [0.75, 1.34], most: 18, needs: "media", dotsBelow: true },
      actions: ["sayIt", ["heart"], ["star"], ["comment"]],
      comment: true,
    },
  },
};

export const lookOf = (network, placement) => LOOKS[network][placement] ?? LOOKS[network].feed;

/* Pictures beside and below one another: each letter is one picture's area, each word a row. */
const PAIR = ["ab"];
const QUAD = ["ab", "cd"];
const BIG_LEFT = ["ab", "ac"];
const BIG_TOP = ["aa", "bc"];
const TOP_AND_THREE = ["aaa", "aaa", "bcd"];
const TWO_AND_THREE = ["aaabbb", "aaabbb", "aaabbb", "ccddee", "ccddee"];

export const GRIDS = {
  facebook: [[PAIR, 2], [BIG_TOP, 1], [QUAD, 1], [TWO_AND_THREE, 1.2]],
  linkedin: [[PAIR, 2], [BIG_TOP, 1], [TOP_AND_THREE, 1], [TWO_AND_THREE, 1.2]],
  x: [[PAIR, 16 / 9], [BIG_LEFT, 16 / 9], [QUAD, 16 / 9]],
};

/** What the networks write themselves, in the interface's language. */
export function networkWords(t) {
  return {
    like: t("Like"),
    comment: t("Comment"),
    share: t("Share"),
    send: t("Send"),
    repost: t("Repost"),
    save: t("Save"),
    forward: t("Forward"),
    praise: t("Like"),
    recommend: t("Recommend"),
    follow: t("Follow"),
    plusFollow: `+ ${t("Follow")}`,
    subscribe: t("Subscribe"),
    sponsored: t("Sponsored"),
    time: t("Just now"),
    fromWeb: t("from the web"),
    more: `… ${t("more")}`,
    dotsMore: `…${t("more")}`,
    seeMore: `… ${t("See more")}`,
    showMore: t("Show more"),
    unfold: `…${t("Expand")}`,
    less: t("Show less"),
    sayIt: t("Say something…"),
  };
}
