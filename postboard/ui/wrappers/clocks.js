/* Wall clocks: an instant as the time of day that people of a zone read, written as ISO text
   without a zone. Without a zone it is the clock of this browser. */

const DAY_MS = 86_400_000;
const NUMBERS = {
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
};
const readers = new Map();

/** "2026-03-02T10:00", of an instant in ms. */
export function wallOf(instant, zone) {
  if (!zone) return localWall(new Date(instant));
  const parts = {};
  for (const { type, value } of reader(zone).formatToParts(instant)) parts[type] = value;
  return `${parts.year.padStart(4, "0")}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** The instant at which this browser's clock shows it, as ISO text in UTC. */
export const instantHere = (wall) => new Date(wall).toISOString().slice(0, 16) + "Z";

export const dayOf = (wall) => wall.slice(0, 10);
export const timeOf = (wall) => wall.slice(11, 16);

/** The same time of the day, so many days later. */
export function daysLater(wall, days) {
  const moved = new Date(Date.parse(`${dayOf(wall)}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
  return wall.length > 10 ? `${moved}T${timeOf(wall)}` : moved;
}

/** How many days lie between the days of two times. */
export const daysBetween = (one, other) =>
  Math.round((Date.parse(`${dayOf(other)}T00:00Z`) - Date.parse(`${dayOf(one)}T00:00Z`)) / DAY_MS);

/** Half an hour later, but never on the next day: a post is a moment, drawn with a height. */
export function shortlyAfter(wall) {
  const later = new Date(Date.parse(`${wall}Z`) + 30 * 60_000).toISOString().slice(0, 16);
  return dayOf(later) === dayOf(wall) ? later : `${dayOf(wall)}T23:59:59`;
}

/** 0 is Sunday: what the language of this browser says of weeks. */
export function usualFirstDay() {
  try {
    const locale = new Intl.Locale(navigator.language);
    return (locale.getWeekInfo?.() ?? locale.weekInfo).firstDay % 7;
  } catch {
    return 1;
  }
}

function localWall(date) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

function reader(zone) {
  if (!readers.has(zone)) readers.set(zone, new Intl.DateTimeFormat("en-CA", { ...NUMBERS, timeZone: zone }));
  return readers.get(zone);
}
