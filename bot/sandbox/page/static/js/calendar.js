// The calendar of one mailbox: the bar above, the month, week or day, and what its colours mean below.

import * as acts from "./acts.js";
import * as api from "./api.js";
import { compose } from "./compose.js";
import { middleDay, plusDays } from "./dates.js";
import * as details from "./details.js";
import { el, fill, say, trouble } from "./dom.js";
import { draggable } from "./drag.js";
import { marksOf } from "./entry.js";
import { entryKeys } from "./keys.js";
import { allCategories, legend } from "./legend.js";
import { month } from "./month.js";
import { calendarLink, go, settle } from "./route.js";
import { shifted, startingAt, timesOf } from "./times.js";
import { toolbar, WORDS } from "./toolbar.js";
import { week } from "./week.js";

let focusNext = false;

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
  fill(place, toolbar(route, today, mailbox), shownIn, legend(entries, marks));
  if (focusNext) made.focus();
  else if (again) place.querySelector(again)?.focus();
  focusNext = false;
  const period = view === "day" ? middleDay(day) : WORDS[view].title(day);
  say(`${mailbox.name}, ${period}: ${entries.length === 1 ? "1 entry" : `${entries.length} entries`}`);
}
