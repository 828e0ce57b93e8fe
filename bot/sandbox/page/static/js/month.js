// A month as a grid: arrow keys go from day to day, Tab into the entries of the day one stands on.

import { dayNumber, daysBetween, isWeekend, longDay, middleDay, monday, monthOf, plusDays, plusMonths, range, weekdayLong, weekdayShort, monthShort } from "./dates.js";
import { el, fill } from "./dom.js";
import { byDay, entryButton, mark } from "./entry.js";
import { isKept } from "./focus.js";
import { shifted, whereWords } from "./times.js";

const MOST = 3; // entries a day shows before it says how many more there are

/** The whole weeks that a month touches. */
export function daysOf(day) {
  const first = monday(`${monthOf(day)}-01`);
  const weeks = monthOf(plusDays(first, 35)) === monthOf(day) ? 6 : monthOf(plusDays(first, 28)) === monthOf(day) ? 5 : 4;
  return range(first, weeks * 7);
}

/** The first entries of a day, and among them whichever was just acted on. */
function firstOf(list) {
  const first = list.slice(0, MOST);
  const acted = list.slice(MOST).find(isKept);
  return acted ? [...first.slice(0, -1), acted] : first;
}

const counted = (n) => (n === 1 ? "1 entry" : `${n} entries`);

export function month({ day, today, entries, marks, open, goTo, dayLink }) {
  const days = daysOf(day);
  const perDay = byDay(entries, days);
  const chosen = el("section", { class: "chosen-day", "aria-labelledby": "chosen-title" });
  let standing = day;

  const cells = new Map();
  const cell = (one) => {
    const list = perDay.get(one);
    const [shown, over] = [firstOf(list), list.length - MOST];
    const number = el(
      "button",
      {
        type: "button", class: "day-number", tabindex: one === standing ? "0" : "-1", "data-day": one,
        "aria-label": `${longDay(one)}${one === today ? ", today" : ""}, ${counted(list.length)}`, "aria-current": one === today && "date",
        onclick: () => choose(one),
      },
      dayNumber(one), dayNumber(one) === "1" && el("span", { class: "rest" }, `\u00a0${monthShort(one)}`),
    );
    const made = el(
      "td",
      { role: "gridcell", "data-on": one, class: [monthOf(one) !== monthOf(day) && "other-month", isWeekend(one) && "weekend", one === today && "is-today"].filter(Boolean).join(" ") || null },
      number,
      el("div", { class: "cell-marks", "aria-hidden": "true" }, marksIn(list)),
      shown.length > 0 &&
        el(
          "ul",
          {},
          shown.map((entry) => el("li", {}, entryButton(entry, { marks, day: one, open }))),
          over > 0 && el("li", {}, el("button", { type: "button", class: "more", onclick: () => (window.location.hash = dayLink(one)) }, `+${over} more`, el("span", { class: "unseen" }, ` on ${middleDay(one)}`))),
        ),
    );
    cells.set(one, made);
    return made;
  };

  const marksIn = (list) => {
    const kinds = new Map();
    for (const entry of list) for (const c of entry.categories) kinds.set(c.name, c);
    const plain = list.filter((entry) => entry.categories.length === 0).length;
    return [
      [...kinds.values()].slice(0, 3).map((c) => mark(c, marks)),
      plain > 0 && kinds.size === 0 && el("span", { class: "count" }, `${plain}`),
    ];
  };

  const stand = (one, focus) => {
    standing = one;
    for (const [at, made] of cells) {
      const here = at === one;
      made.classList.toggle("is-chosen", here);
      made.querySelector(".day-number").tabIndex = here ? 0 : -1;
      for (const inner of made.querySelectorAll(".entry, .more")) inner.tabIndex = here ? 0 : -1;
    }
    if (focus) cells.get(one).querySelector(".day-number").focus();
    const list = perDay.get(one);
    chosen.dataset.on = one;
    fill(
      chosen,
      el("h3", { id: "chosen-title" }, middleDay(one)),
      list.length ? el("ul", {}, list.map((entry) => el("li", {}, entryButton(entry, { marks, day: one, open })))) : el("p", { class: "muted" }, "Nothing on this day."),
    );
  };

  // Where the month is too narrow for words a day opens below it; otherwise in the day view.
  const choose = (one) => {
    if (chosen.offsetParent === null) window.location.hash = dayLink(one);
    else {
      stand(one, true);
      goTo(one, { quietly: true });
    }
  };

  const keys = {
    ArrowLeft: (at) => plusDays(at, -1), ArrowRight: (at) => plusDays(at, 1), ArrowUp: (at) => plusDays(at, -7), ArrowDown: (at) => plusDays(at, 7),
    Home: monday, End: (at) => plusDays(monday(at), 6), PageUp: (at) => plusMonths(at, -1), PageDown: (at) => plusMonths(at, 1),
  };
  const moved = (key) => {
    const step = keys[key.key];
    if (!step || key.altKey || key.ctrlKey || key.metaKey || key.shiftKey || !key.target.closest("td")) return;
    key.preventDefault();
    const to = step(standing);
    const here = cells.has(to) && monthOf(to) === monthOf(day);
    if (here) stand(to, true);
    goTo(to, { quietly: here });
  };

  // A drop on another day keeps the time, as in Outlook.
  const over = ({ x, y, entry, from }) => {
    const target = document.elementFromPoint(x, y)?.closest("td[data-on]");
    if (!target) return null;
    const days = daysBetween(from.closest("[data-on]").dataset.on, target.dataset.on);
    return {
      mark: (on) => target.classList.toggle("is-target", on),
      words: whereWords(shifted(entry, days)),
      timesFor: (now) => shifted(now, days),
    };
  };
  const at = (press) => {
    const one = press.target.closest("td[data-on]")?.dataset.on;
    return one && { starts: `${one}T00:00`, ends: `${plusDays(one, 1)}T00:00`, allDay: true };
  };

  const weeks = Array.from({ length: days.length / 7 }, (_, n) => days.slice(n * 7, n * 7 + 7));
  const grid = el(
    "table",
    { class: "month", role: "grid", "aria-labelledby": "period", "aria-describedby": "grid-help", onkeydown: moved },
    el("thead", {}, el("tr", {}, weeks[0].map((one) => el("th", { scope: "col", abbr: weekdayLong(one) }, weekdayShort(one).slice(0, 1), el("span", { class: "rest" }, weekdayShort(one).slice(1)))))),
    el("tbody", {}, weeks.map((week) => el("tr", {}, week.map(cell)))),
  );
  stand(standing, false);
  const help = el("p", { class: "unseen", id: "grid-help" }, "Arrow keys move by day and week, Page Up and Page Down by month. Tab goes to the entries of the day. On an entry Shift and an arrow key move it.");
  return { shown: [help, grid, chosen], focus: () => stand(standing, true), over, at };
}
