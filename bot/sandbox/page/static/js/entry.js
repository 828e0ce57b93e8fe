// One calendar entry as a button: never by colour alone, so each says its category, how it shows and whether
// it is private or rings, in signs for the eye and in words for the ear.

import { dayOf, plusDays, timeOf, weekday } from "./dates.js";
import { el, icon } from "./dom.js";

export const SHOWS = {
  free: "Free", tentative: "Tentative", busy: "Busy", oof: "Out of office",
  workingElsewhere: "Working elsewhere", unknown: "Not known",
};

/** A letter or two that stands for each category of a mailbox: no two alike where two letters can tell them apart. */
export function marksOf(categories) {
  const marks = new Map();
  const taken = new Set();
  for (const { name } of categories) {
    const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const first = words[0] ?? "?";
    const short = first.length <= 3 && first === first.toUpperCase() ? first : [...first][0].toUpperCase();
    const second = [...(words[1] ?? "")][0]?.toUpperCase();
    const choices = [short, second && short + second, [...first].slice(0, 2).join(""), [...first].slice(0, 3).join("")];
    const mark = choices.find((choice) => choice && !taken.has(choice)) ?? short;
    taken.add(mark);
    marks.set(name, mark);
  }
  return marks;
}

export function reminderWords(minutes) {
  if (minutes === 0) return "at the start";
  if (minutes % 1440 === 0) return `${minutes / 1440} ${minutes === 1440 ? "day" : "days"} before`;
  if (minutes % 60 === 0) return `${minutes / 60} ${minutes === 60 ? "hour" : "hours"} before`;
  return `${minutes} minutes before`;
}

/** The colour has been taken out and the subject says the child was seen. */
export const isAchieved = (entry) => entry.categories.length === 0 && /\bseen\b/i.test(entry.subject);

export const mainColour = (entry) => entry.categories.find((c) => c.colour !== "none")?.colour ?? "none";

function inWords(entry) {
  const said = [entry.allDay ? "All day" : `${timeOf(entry.starts)} to ${timeOf(entry.ends)}`, entry.subject || "(No subject)"];
  if (entry.categories.length) said.push(`Category ${entry.categories.map((c) => c.name).join(", ")}`);
  said.push(`Shows as ${(SHOWS[entry.showAs] ?? entry.showAs).toLowerCase()}`);
  if (entry.private) said.push("Private");
  if (entry.repeats) said.push("One of a series");
  if (entry.reminder !== null) said.push(`Reminder ${reminderWords(entry.reminder)}`);
  return said.join(". ");
}

/** The letters that stand for a category, on its colour. */
export const mark = (category, marks) =>
  el("span", { class: "mark", "data-colour": category.colour, "aria-hidden": "true" }, marks.get(category.name) ?? "?");

/** How a time shows to others, as a small sample of an entry's edge. */
export const showsSample = (shows) =>
  el("span", { class: "sample", "data-shows": shows, "aria-hidden": "true" }, el("span", { class: "entry-bar" }));

export function entryButton(entry, { marks, day, open }) {
  const achieved = isAchieved(entry);
  const timed = !entry.allDay && dayOf(entry.starts) === day;
  const came = entry.starts < `${day}T00:00`;
  const goesOn = entry.ends > `${plusDays(day, 1)}T00:00`;
  const words = inWords(entry);
  return el(
    "button",
    {
      type: "button", class: ["entry", achieved && "achieved", came && "came", weekday(day) === 0 && "begins-week", goesOn && "goes-on"].filter(Boolean).join(" "), "data-colour": mainColour(entry),
      "data-shows": entry.showAs, "data-id": entry.id, "aria-label": words, title: words, onclick: () => open(entry),
    },
    el("span", { class: "entry-bar", "aria-hidden": "true" }),
    el(
      "span",
      { class: "entry-words" },
      achieved && [icon("tick"), " "],
      entry.categories.map((c) => [mark(c, marks), " "]),
      timed && [el("b", {}, timeOf(entry.starts)), " "],
      entry.reminder !== null && [icon("bell"), " "],
      entry.private && [icon("lock"), " "],
      entry.repeats && [icon("repeat"), " "],
      el("span", { class: "entry-subject" }, entry.subject || "(No subject)"),
    ),
  );
}

const spans = (entry) => entry.allDay && dayOf(entry.ends) > plusDays(dayOf(entry.starts), 1);

/** Entries by the days they stand on: what goes over several days first, then all-day ones, then by the hour. */
export function byDay(entries, days) {
  const perDay = new Map(days.map((day) => [day, []]));
  for (const entry of entries) {
    const lastMoment = entry.ends > entry.starts ? entry.ends : `${entry.starts}:01`;
    for (const day of days) {
      if (entry.starts < `${day}T24:00` && lastMoment > `${day}T00:00`) perDay.get(day).push(entry);
    }
  }
  for (const list of perDay.values()) {
    list.sort((a, b) => spans(b) - spans(a) || b.allDay - a.allDay || a.starts.localeCompare(b.starts) || a.subject.localeCompare(b.subject));
  }
  return perDay;
}
