// The calendar of one mailbox: toolbar, legend and the month, week or day below them.

import * as acts from "./acts.js";
import * as api from "./api.js";
import { compose } from "./compose.js";
import { longDay, middleDay, monday, monthName, plusDays, plusMonths, weekName } from "./dates.js";
import * as details from "./details.js";
import { el, fill, icon, say, trouble } from "./dom.js";
import { draggable } from "./drag.js";
import { mark, marksOf, SHOWS, showsSample } from "./entry.js";
import { entryKeys, tellKeys } from "./keys.js";
import { daysOf, month } from "./month.js";
import { calendarLink, go, settle, VIEWS } from "./route.js";
import { shifted, startingAt, timesOf } from "./times.js";
import { week } from "./week.js";

const WORDS = {
  month: { name: "Month", step: plusMonths, title: monthName, days: daysOf, before: "Month before", next: "Next month" },
  week: { name: "Week", step: (day, n) => plusDays(day, 7 * n), title: (day) => weekName(monday(day)), days: (day) => [monday(day), plusDays(monday(day), 6)], before: "Week before", next: "Next week" },
  day: { name: "Day", step: plusDays, title: longDay, days: (day) => [day], before: "Day before", next: "Next day in the diary" },
};

let focusNext = false;

const atNine = (day) => ({ starts: `${day}T09:00`, ends: `${day}T09:30`, allDay: false });

function toolbar(route, today, mailbox) {
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
      "div",
      { class: "toolbar-acts" },
      el("button", { type: "button", class: "plain is-quiet", id: "new", onclick: () => compose(who, mailbox, atNine(route.day)) }, icon("plus"), el("span", {}, "New", el("span", { class: "rest" }, " appointment"))),
      el(
        "nav",
        { class: "segments", "aria-label": "How much to show" },
        VIEWS.map((one) => el("a", { href: calendarLink(who, one, day), "aria-current": one === view && "page", "data-view": one }, WORDS[one].name)),
      ),
      el("button", { type: "button", class: "bare", id: "keys", "aria-label": "Keys", title: "Keys", onclick: tellKeys }, icon("keys")),
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
    shows.map((one) => el("li", {}, showsSample(one), SHOWS[one])),
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

/** What a pointer and keys do to the entries that stand in the view. */
function letAct(view, { who, mailbox, made, entries, shownIn, openFor }) {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const entryOf = (button) => byId.get(button.dataset.id);
  draggable(shownIn, {
    entryOf,
    over: made.over,
    dropped: (entry, timesFor, isCopy) => (isCopy ? acts.copy(who, entry, timesOf(timesFor(entry))) : acts.move(who, entry, timesFor)),
  });
  entryKeys(shownIn, {
    steps: view === "month" ? "month" : "hours",
    entryOf,
    shift: (entry, days, minutes) => void acts.move(who, entry, (now) => shifted(now, days, minutes)),
    open: (entry, act) => void openFor(entry, act),
    paste: (entry, day) => void acts.copy(who, entry, startingAt(entry, day, entry.allDay ? null : entry.starts.slice(11))),
  });
  shownIn.addEventListener("dblclick", (press) => {
    const times = press.target.closest("button, a") ? null : made.at(press);
    if (times) compose(who, mailbox, times);
  });
}

export async function show(place, route, { today, now, mailbox, fresh }) {
  const { who, view, day } = route;
  const days = WORDS[view].days(day);
  const to = plusDays(days[days.length - 1], 1);
  let entries;
  try {
    ({ events: entries } = await api.events(who, days[0], to));
  } catch (error) {
    fill(place, toolbar(route, today, mailbox), trouble("This diary could not be read", error.message));
    return;
  }
  if (!fresh()) return;
  acts.know(entries);
  const marks = marksOf(allCategories(mailbox, entries));
  const doing = {
    day, today, now, entries, marks,
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
  const shownIn = el("div", { class: "diary" }, made.shown);
  const openFor = (entry, act) => {
    details.nextFor(act);
    asked.open(entry);
  };
  letAct(view, { who, mailbox, made, entries, shownIn, openFor });
  fill(place, toolbar(route, today, mailbox), legend(entries, marks), shownIn);
  if (focusNext) made.focus();
  else if (again) place.querySelector(again)?.focus();
  focusNext = false;
  const period = view === "day" ? middleDay(day) : WORDS[view].title(day);
  say(`${mailbox.name}, ${period}: ${entries.length === 1 ? "1 entry" : `${entries.length} entries`}`);
}
