// The calendar of one mailbox: toolbar, legend and the month, week or day below them.

import * as api from "./api.js";
import { longDay, middleDay, monday, monthName, plusDays, plusMonths, weekName } from "./dates.js";
import { el, fill, icon, say, trouble } from "./dom.js";
import { mark, marksOf, SHOWS } from "./entry.js";
import { daysOf, month } from "./month.js";
import { calendarLink, go, settle, VIEWS } from "./route.js";
import { week } from "./week.js";

const WORDS = {
  month: { name: "Month", step: plusMonths, title: monthName, days: daysOf, before: "Month before", next: "Next month" },
  week: { name: "Week", step: (day, n) => plusDays(day, 7 * n), title: (day) => weekName(monday(day)), days: (day) => [monday(day), plusDays(monday(day), 6)], before: "Week before", next: "Next week" },
  day: { name: "Day", step: plusDays, title: longDay, days: (day) => [day], before: "Day before", next: "Next day in the diary" },
};

let focusNext = false;

function toolbar(route, today) {
  const { who, view, day } = route;
  const words = WORDS[view];
  const stepLink = (n, name, sign) => el("a", { class: "bare", href: calendarLink(who, view, words.step(day, n)), "aria-label": name, title: name, "data-step": n }, icon(sign));
  return el(
    "div",
    { class: "toolbar" },
    el(
      "div",
      { class: "toolbar-when" },
      el("a", { class: "plain", href: calendarLink(who, view, today), title: longDay(today), "data-step": "0" }, "Today"),
      stepLink(-1, words.before, "left"),
      stepLink(1, words.next, "right"),
      el("h2", { id: "period" }, words.title(day)),
    ),
    el(
      "nav",
      { class: "segments", "aria-label": "How much to show" },
      VIEWS.map((one) => el("a", { href: calendarLink(who, one, day), "aria-current": one === view && "page", "data-view": one }, WORDS[one].name)),
    ),
  );
}

/** The categories that the shown entries carry, by name; the mailbox's other ones would say nothing here. */
function legend(entries, marks) {
  const used = new Map();
  for (const entry of entries) for (const c of entry.categories) used.set(c.name, c);
  const shows = ["free", "tentative", "busy", "oof", "workingElsewhere"].filter((one) => entries.some((entry) => entry.showAs === one));
  if (entries.length === 0) return null;
  const names = [...used.values()].sort((a, b) => a.name.localeCompare(b.name));
  return el(
    "ul",
    { class: "legend", "aria-label": "What colours and signs mean" },
    names.map((c) => el("li", {}, mark(c, marks), c.name)),
    shows.map((one) => el("li", {}, el("span", { class: "sample", "data-shows": one, "aria-hidden": "true" }, el("span", { class: "entry-bar" })), SHOWS[one])),
  );
}

/** The master list first, then names that only entries know. */
export function allCategories(mailbox, entries) {
  const names = new Map(entries.flatMap((entry) => entry.categories).map((c) => [c.name, c]));
  return [...names.values()].sort((a, b) => a.name.localeCompare(b.name)).concat(mailbox.categories.filter((c) => !names.has(c.name)));
}

/** How to find, in a calendar drawn anew, what had the focus in the one before. */
function sameAs({ id, view, step, day }) {
  if (id) return `[data-id="${CSS.escape(id)}"]`;
  if (view) return `[data-view="${view}"]`;
  if (step) return `[data-step="${step}"]`;
  return day ? `[data-day="${day}"]` : null;
}

export async function show(place, route, { today, mailbox, fresh }) {
  const { who, view, day } = route;
  const days = WORDS[view].days(day);
  const to = plusDays(days[days.length - 1], 1);
  let entries;
  try {
    ({ events: entries } = await api.events(who, days[0], to));
  } catch (error) {
    fill(place, toolbar(route, today), trouble("This diary could not be read", error.message));
    return;
  }
  if (!fresh()) return;
  const marks = marksOf(allCategories(mailbox, entries));
  const doing = {
    day, today, entries, marks,
    open: (entry) => go(calendarLink(who, view, day, entry.id)),
    dayLink: (one) => calendarLink(who, "day", one),
    goTo: (one, { quietly }) => {
      if (quietly) {
        route.day = one;
        settle(calendarLink(who, view, one));
        doing.open = (entry) => go(calendarLink(who, view, one, entry.id));
        return;
      }
      focusNext = true;
      go(calendarLink(who, view, one));
    },
  };
  const asked = { ...doing, open: (entry) => doing.open(entry) };
  const made = view === "month" ? month(asked) : week({ ...asked, first: days[0], count: view === "week" ? 7 : 1 });
  const again = place.contains(document.activeElement) ? sameAs(document.activeElement.dataset) : null;
  fill(place, toolbar(route, today), legend(entries, marks), made.shown);
  if (focusNext) made.focus();
  else if (again) place.querySelector(again)?.focus();
  focusNext = false;
  const period = view === "day" ? middleDay(day) : WORDS[view].title(day);
  say(`${mailbox.name}, ${period}: ${entries.length === 1 ? "1 entry" : `${entries.length} entries`}`);
}
