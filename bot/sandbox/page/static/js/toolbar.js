// The bar above a calendar: which days it shows, the way to others, and how much to show at once.

import { compose } from "./compose.js";
import { longDay, monday, monthName, plusDays, plusMonths, weekName } from "./dates.js";
import { el, icon } from "./dom.js";
import { tellKeys } from "./keys.js";
import { daysOf } from "./month.js";
import { calendarLink, VIEWS } from "./route.js";

/** Each view: how to go on, how its days are called and which they are. */
export const WORDS = {
  month: { name: "Month", step: plusMonths, title: monthName, days: daysOf, before: "Month before", next: "Next month" },
  week: { name: "Week", step: (day, n) => plusDays(day, 7 * n), title: (day) => weekName(monday(day)), days: (day) => [monday(day), plusDays(monday(day), 6)], before: "Week before", next: "Next week" },
  day: { name: "Day", step: plusDays, title: longDay, days: (day) => [day], before: "Day before", next: "Next day in the diary" },
};

const atNine = (day) => ({ starts: `${day}T09:00`, ends: `${day}T09:30`, allDay: false });

export function toolbar(route, today, mailbox) {
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
      el("button", { type: "button", class: "plain", id: "new", title: "New appointment", onclick: () => compose(who, mailbox, atNine(route.day)) }, icon("plus"), el("span", {}, "New", el("span", { class: "rest" }, " appointment"))),
      el(
        "nav",
        { class: "segments", "aria-label": "How much to show" },
        VIEWS.map((one) => el("a", { href: calendarLink(who, one, day), "aria-current": one === view && "page", "data-view": one }, WORDS[one].name)),
      ),
      el("button", { type: "button", class: "bare", id: "keys", "aria-label": "Keys", title: "Keys", onclick: tellKeys }, icon("keys")),
    ),
  );
}
