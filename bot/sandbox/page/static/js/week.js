// A week or a day with its hours: all-day entries on top, the morning's reminders readable one by one.
// Each day is a section of its own in reading order, so that narrow screens and readers get a plain list.

import { dayNumber, isWeekend, longDay, plusDays, range, weekdayLong, weekdayShort } from "./dates.js";
import { el } from "./dom.js";
import { byDay, entryButton } from "./entry.js";
import { placed, scaleOf } from "./layout.js";

const LINE = { day: 30, week: 58 }; // pixels a short entry takes: one line of words, or two

export function week({ first, count, day, today, entries, marks, open, goTo, dayLink }) {
  const days = range(first, count);
  const perDay = byDay(entries, days);
  const timed = new Map(days.map((one) => [one, perDay.get(one).filter((entry) => !entry.allDay)]));
  const scale = scaleOf(days, timed, count === 1 ? LINE.day : LINE.week);
  const hours = Array.from({ length: scale.last - scale.first }, (_, n) => scale.first + n);
  const tall = { "--tall": `${scale.height}px` };

  const gutter = el(
    "div",
    { class: "gutter", "aria-hidden": "true" },
    el("div", { class: "gutter-head" }),
    el("div", { class: "gutter-allday" }, "all day"),
    el("div", { class: "gutter-hours", vars: tall }, hours.map((hour) => el("span", { vars: { top: `${scale.tops[hour]}px` } }, `${String(hour).padStart(2, "0")}:00`))),
  );

  const head = (one) =>
    el(
      "h3",
      { class: "day-head" },
      el(
        "a",
        { href: dayLink(one), "data-day": one, "aria-label": `${longDay(one)}${one === today ? ", today" : ""}`, "aria-current": one === today && "date" },
        el("span", { class: "weekday" }, count === 1 ? weekdayLong(one) : weekdayShort(one)),
        el("span", { class: "number" }, dayNumber(one)),
        one === today && el("span", { class: "today-word" }, "Today"),
      ),
    );

  const column = (one) => {
    const wholeDay = perDay.get(one).filter((entry) => entry.allDay);
    const button = (entry) => entryButton(entry, { marks, day: one, open });
    const classes = ["day", isWeekend(one) && "weekend", one === today && "is-today", perDay.get(one).length && "has-entries"].filter(Boolean);
    return el(
      "section",
      { class: classes.join(" "), "data-column": one },
      head(one),
      wholeDay.length ? el("ul", { class: "allday", "aria-label": "All day" }, wholeDay.map((entry) => el("li", {}, button(entry)))) : el("div", { class: "allday" }),
      el(
        "div",
        { class: "hours", vars: tall },
        hours.map((hour) => el("div", { class: "hour-line", vars: { top: `${scale.tops[hour]}px` } })),
        timed.get(one).length > 0 && el(
          "ul",
          { "aria-label": "By the hour" },
          placed(one, timed.get(one), scale).map((box) =>
            el("li", { vars: { top: `${box.top}px`, height: `${box.height}px`, left: `${(100 * box.lane) / box.lanes}%`, width: `${100 / box.lanes}%` } }, button(box.entry)),
          ),
        ),
      ),
    );
  };

  const made = el("div", { class: count === 1 ? "days one" : "days many" }, gutter, days.map(column));

  // Left and right go from day to day, up and down through a day's entries.
  const focusDay = (one) => made.querySelector(`[data-day="${one}"]`)?.focus();
  made.addEventListener("keydown", (key) => {
    const at = key.target.closest("[data-column]");
    if (!at || key.altKey || key.ctrlKey || key.metaKey) return;
    const one = at.dataset.column;
    const inside = [...at.querySelectorAll("a, button")];
    const n = inside.indexOf(key.target);
    const sideways = { ArrowLeft: -1, ArrowRight: 1, PageUp: -count, PageDown: count }[key.key];
    const along = { ArrowUp: n - 1, ArrowDown: n + 1, Home: 0, End: inside.length - 1 }[key.key];
    if (sideways === undefined && along === undefined) return;
    key.preventDefault();
    if (along !== undefined) inside[Math.max(0, Math.min(along, inside.length - 1))].focus();
    else if (days.includes(plusDays(one, sideways))) focusDay(plusDays(one, sideways));
    else goTo(plusDays(one, sideways), { quietly: false });
  });
  return { shown: [made], focus: () => focusDay(day) };
}
