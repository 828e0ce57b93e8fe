// Days as "2026-11-23", moments as "2026-11-23T09:00": London's wall clock, as the server sends it.
// Arithmetic goes through UTC so that the machine's own time zone and its summer time never matter.

const at = (day) => new Date(`${day.slice(0, 10)}T00:00:00Z`);
const iso = (date) => date.toISOString().slice(0, 10);
const told = (options) => {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  return (day) => format.format(at(day)).replace(",", "");
};

export const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(at(text).valueOf());

export function plusDays(day, n) {
  const date = at(day);
  date.setUTCDate(date.getUTCDate() + n);
  return iso(date);
}

/** The same day n months on, or that month's last. */
export function plusMonths(day, n) {
  const date = at(day);
  const wanted = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + n);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(wanted, last));
  return iso(date);
}

export const weekday = (day) => (at(day).getUTCDay() + 6) % 7; // Monday is 0
export const monday = (day) => plusDays(day, -weekday(day));
export const nextMonday = (day) => plusDays(monday(day), 7);
export const isWeekend = (day) => weekday(day) > 4;
export const monthOf = (day) => day.slice(0, 7);
export const range = (first, count) => Array.from({ length: count }, (_, n) => plusDays(first, n));

export const longDay = told({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const middleDay = told({ weekday: "long", day: "numeric", month: "long" });
export const shortDay = told({ weekday: "short", day: "numeric", month: "short" });
export const monthName = told({ month: "long", year: "numeric" });
export const dayNumber = told({ day: "numeric" });
export const dayAndMonth = told({ day: "numeric", month: "short" });
export const monthShort = told({ month: "short" });
export const weekdayShort = told({ weekday: "short" });
export const weekdayLong = told({ weekday: "long" });

export const dayOf = (moment) => moment.slice(0, 10);
export const timeOf = (moment) => moment.slice(11, 16);
export const minutesOf = (moment) => Number(moment.slice(11, 13)) * 60 + Number(moment.slice(14, 16));

/** "Mon 23 November – Sun 29 November 2026" with what both share said once. */
export function weekName(first) {
  const last = plusDays(first, 6);
  if (monthOf(first) === monthOf(last)) return `${dayNumber(first)}–${dayNumber(last)} ${monthName(last)}`;
  const year = first.slice(0, 4) === last.slice(0, 4) ? "" : ` ${first.slice(0, 4)}`;
  return `${dayAndMonth(first)}${year} – ${dayAndMonth(last)} ${last.slice(0, 4)}`;
}

/** A wall-clock moment some minutes on. */
export function plusMinutes(moment, n) {
  const date = new Date(`${moment.slice(0, 16)}:00Z`);
  date.setUTCMinutes(date.getUTCMinutes() + n);
  return date.toISOString().slice(0, 16);
}

export const minutesBetween = (from, to) => (Date.parse(`${to}:00Z`) - Date.parse(`${from}:00Z`)) / 60000;
export const daysBetween = (from, to) => Math.round((at(to) - at(from)) / 86400000);
export const clockOf = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
