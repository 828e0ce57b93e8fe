// When an entry stands, and where it would stand if it were moved: pure reckoning on wall-clock moments.

import { dayOf, daysBetween, longDay, minutesBetween, plusDays, plusMinutes, shortDay, timeOf } from "./dates.js";

const DROPPED_INTO_HOURS = 30; // minutes that an all-day entry gets when it is given a time, as in Outlook

export const timesOf = ({ starts, ends, allDay }) => ({ starts, ends, allDay });

/** The same entry some days and minutes on. */
export function shifted(entry, days, minutes = 0) {
  const moved = (moment) => plusMinutes(`${plusDays(dayOf(moment), days)}T${timeOf(moment)}`, minutes);
  return { starts: moved(entry.starts), ends: moved(entry.ends), allDay: entry.allDay };
}

/** The same length beginning at that day and, unless it is all day, at that time. */
export function startingAt(entry, day, time) {
  if (time === null) {
    const days = entry.allDay ? daysBetween(entry.starts, entry.ends) : 1;
    return { starts: `${day}T00:00`, ends: `${plusDays(day, days)}T00:00`, allDay: true };
  }
  const starts = `${day}T${time}`;
  const minutes = entry.allDay ? DROPPED_INTO_HOURS : minutesBetween(entry.starts, entry.ends);
  return { starts, ends: plusMinutes(starts, minutes), allDay: false };
}

export const isSameTime = (a, b) => a.starts === b.starts && a.ends === b.ends && a.allDay === b.allDay;

/** "Thu 26 Nov, 14:00", as short as it can be said. */
export const whereWords = (times) => (times.allDay ? shortDay(times.starts) : `${shortDay(times.starts)}, ${timeOf(times.starts)}`);

/** "Monday 23 November 2026, 09:00 to 09:15" and all the other ways to say when. */
export function whenWords(entry) {
  const [first, last] = [dayOf(entry.starts), dayOf(entry.ends)];
  if (entry.allDay) {
    const lastDay = last > first ? plusDays(last, -1) : first;
    return first === lastDay ? `${longDay(first)}, all day` : `${longDay(first)} to ${longDay(lastDay)}, all day`;
  }
  if (first === last) return `${longDay(first)}, ${timeOf(entry.starts)} to ${timeOf(entry.ends)}`;
  return `${longDay(first)}, ${timeOf(entry.starts)} to ${longDay(last)}, ${timeOf(entry.ends)}`;
}
