/* The words of the page: looked up here, in the browser, so that changing the language asks
   nobody and reloads nothing. English texts are their own keys; other languages are fetched once. */

import { useSyncExternalStore } from "react";

const YEAR_S = 365 * 24 * 3600;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const RELATIVE_DAYS = 7;

const inBrowser = typeof document !== "undefined";
const start = (inBrowser && window.postboardStart) || { language: "en" };
const catalogues = { en: Promise.resolve({}) };
if (start.catalogue) catalogues[start.language] = start.catalogue;

/* What the prerendered page says; a build machine's dates would not match the reader's. */
const prerendered = Object.freeze({ ...wordsOf("en", {}), date: () => "" });
let words = inBrowser ? wordsOf("en", {}) : prerendered;
const listeners = new Set();

/** The words of the current language; whoever uses them is drawn again when it changes. */
export function useWords() {
  return useSyncExternalStore(subscribe, currentWords, prerenderedWords);
}

export function useLanguage() {
  return useWords().language;
}

/** The start of the current minute, in ms: redraws what says "5 minutes ago". */
export function useMinute() {
  return useSyncExternalStore(subscribeToMinutes, currentMinute, currentMinute);
}

/* For code outside React's drawing: event handlers, announcements of a drag. */
export const t = (sentence, facts) => words.t(sentence, facts);
export const plural = (one, many, n, facts) => words.plural(one, many, n, facts);
export const formatDate = (iso, style, zone) => words.date(iso, style, zone);

export async function setLanguage(language) {
  document.cookie = `lang=${language};path=/;max-age=${YEAR_S};SameSite=Lax`;
  await speak(language);
}

/* The last wish wins, even when an earlier language arrives after it. */
let wanted = start.language;

async function speak(language) {
  wanted = language;
  try {
    const catalogue = await (catalogues[language] ??= fetchCatalogue(language));
    if (wanted !== language) return;
    document.documentElement.lang = language;
    publish(wordsOf(language, catalogue));
  } catch {
    delete catalogues[language]; // the next switch tries again
    document.documentElement.lang = words.language;
    reveal();
  }
}

function fetchCatalogue(language) {
  return fetch(start.urls[language], { cache: "no-cache" }).then((answer) => answer.json());
}

function publish(next) {
  words = next;
  window.postboardWords = next; // events sent by the server are evaluated against this name
  listeners.forEach((listener) => listener());
  if (listeners.size) reveal();
}

/* The prerendered page is English, so React must wake on English and turn to the chosen language
   at once; the head script hides texts until that is done. */
function reveal() {
  requestAnimationFrame(() => delete document.documentElement.dataset.words);
}

function subscribe(listener) {
  listeners.add(listener);
  if (words.language === start.language) reveal();
  return () => listeners.delete(listener);
}

const currentWords = () => words;
const prerenderedWords = () => prerendered;

function wordsOf(language, catalogue) {
  const rules = new Intl.PluralRules(language);
  const figures = new Intl.NumberFormat(language);
  const formsOf = (sentence) => [catalogue[sentence] ?? sentence].flat();
  return Object.freeze({
    language,
    t: (sentence, facts) => fill(formsOf(sentence)[0], facts),
    plural: (one, many, n, facts) => {
      const forms = one in catalogue ? formsOf(one) : [one, many];
      const form = forms.length > 1 && rules.select(n) !== "one" ? forms[1] : forms[0];
      return fill(form, { n: figures.format(n ?? 0), ...facts });
    },
    date: (iso, style, zone, now) => dateText(language, iso, style, zone, now),
    said: (texts) => texts[language] ?? texts.en,
  });
}

const HAN = /[\u3400-\u9fff\uf900-\ufaff]/;
const LATIN = /[A-Za-z0-9%]/;

function fill(sentence, facts) {
  if (!facts) return sentence;
  return sentence.replace(/\{(\w+)\}/g, (hole, name, at) => {
    const fact = String(facts[name] ?? "");
    const left = meet(sentence[at - 1], fact[0]) ? " " : "";
    const right = meet(fact.at(-1), sentence[at + hole.length]) ? " " : "";
    return left + fact + right;
  });
}

function meet(one = "", other = "") {
  return (HAN.test(one) && LATIN.test(other)) || (LATIN.test(one) && HAN.test(other));
}

const PLAIN_DAY = /^\d{4}-\d\d-\d\d$/;
const DAY = { weekday: "short", day: "numeric", month: "short" };
const TIME = { hour: "numeric", minute: "2-digit" };
const FIELDS = {
  day: DAY,
  time: TIME,
  daytime: { ...DAY, ...TIME },
  month: { month: "long" },
  monthyear: { month: "long", year: "numeric" },
};

/** Styles: day, time, daytime, month, monthyear, relative ("in 3 days"), brief ("in 3d"). */
function dateText(language, iso, style, zone, now = Date.now()) {
  const instant = iso ? Date.parse(iso) : NaN;
  if (Number.isNaN(instant)) return "";
  const isDay = PLAIN_DAY.test(iso);
  const place = isDay ? "UTC" : zone || undefined;
  const text =
    style === "relative" || style === "brief"
      ? relativeText(language, instant, style, place, now, isDay)
      : exactText(language, instant, style, place, now, isDay);
  return language === "zh-CN" ? spaced(text) : text;
}

function exactText(language, instant, style, zone, now, isDay) {
  const fields = { ...FIELDS[style], timeZone: zone };
  if (style !== "time" && yearOf(instant, zone) !== yearOf(now, isDay ? undefined : zone)) {
    fields.year = "numeric";
  }
  const text = formatter(language, fields).format(instant);
  if (!style.endsWith("time") || !isForeign(zone, instant)) return text;
  const name = zoneName(language, zone, instant);
  return language === "zh-CN" ? `${text}（${name}）` : `${text} (${name})`;
}

function relativeText(language, instant, style, zone, now, isDay) {
  const away = instant - now;
  const days = dayOf(instant, zone) - dayOf(now, isDay ? undefined : zone);
  if (Math.abs(days) > RELATIVE_DAYS) return exactText(language, instant, "day", zone, now, isDay);
  const relative = relativeFormatter(language, style === "brief" ? "narrow" : "long");
  if (isDay || Math.abs(away) >= DAY_MS) return relative.format(days, "day");
  if (Math.abs(away) < MINUTE_MS) return relative.format(0, "second");
  if (Math.abs(away) < HOUR_MS) return relative.format(Math.trunc(away / MINUTE_MS), "minute");
  return relative.format(Math.trunc(away / HOUR_MS), "hour");
}

/* Making a formatter costs some 50 µs, using one under 1 µs: each is made once. */
const formatters = new Map();

function formatter(language, fields) {
  return kept(`${language}|${JSON.stringify(fields)}`, () => {
    const plain = new Intl.DateTimeFormat(spelling(language), fields);
    const clock = plain.resolvedOptions().hourCycle;
    // 09:30, but 9:30 AM.
    return clock === "h23" && fields.hour === "numeric"
      ? new Intl.DateTimeFormat(spelling(language), { ...fields, hour: "2-digit" })
      : plain;
  });
}

function relativeFormatter(language, style) {
  return kept(`${language}|${style}`, () =>
    new Intl.RelativeTimeFormat(language, { numeric: "auto", style }));
}

function kept(key, make) {
  if (!formatters.has(key)) formatters.set(key, make());
  return formatters.get(key);
}

/* An English reader in Leeds or Delhi keeps their own order of day and month. */
function spelling(language) {
  return (inBrowser && navigator.languages.find((own) => own.split("-")[0] === language)) || language;
}

const NUMBERS = { year: "numeric", month: "2-digit", day: "2-digit" };

function dayOf(instant, zone) {
  return Date.parse(isoDay(instant, zone)) / DAY_MS;
}

function yearOf(instant, zone) {
  return isoDay(instant, zone).slice(0, 4);
}

function isoDay(instant, zone) {
  const key = `iso|${zone}`;
  return kept(key, () => new Intl.DateTimeFormat("en-CA", { ...NUMBERS, timeZone: zone })).format(instant);
}

/* A zone is named only where its clock shows another time than the reader's. */
function isForeign(zone, instant) {
  if (!zone) return false;
  const clock = { hour: "2-digit", minute: "2-digit", day: "numeric", hourCycle: "h23" };
  return (
    formatter("en", { ...clock, timeZone: zone }).format(instant) !==
    formatter("en", clock).format(instant)
  );
}

function zoneName(language, zone, instant) {
  if (/^(Etc\/)?UTC$/.test(zone)) return "UTC";
  const parts = formatter(language, { timeZone: zone, timeZoneName: "longGeneric" }).formatToParts(instant);
  return parts.find((part) => part.type === "timeZoneName").value;
}

const TIGHT =
  /(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u3400-\u9fff])/g;

const spaced = (text) => text.replace(TIGHT, " ");

const currentMinute = () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const minuteListeners = new Set();
let ticking;

function subscribeToMinutes(listener) {
  minuteListeners.add(listener);
  ticking ??= setInterval(() => minuteListeners.forEach((each) => each()), MINUTE_MS / 4);
  return () => {
    minuteListeners.delete(listener);
    if (minuteListeners.size) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

if (inBrowser) {
  window.postboardWords = words;
  if (start.language !== "en") speak(start.language);
}
