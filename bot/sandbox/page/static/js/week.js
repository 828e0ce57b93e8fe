// A week or a day with its hours: all-day entries on top, the morning's reminders readable one by one.
// Each day is a section of its own in reading order, so that narrow screens and readers get a plain list.

import { clockOf, dayNumber, dayOf, daysBetween, isWeekend, longDay, minutesBetween, minutesOf, plusDays, plusMinutes, range, weekdayLong, weekdayShort } from "./dates.js";
import { el } from "./dom.js";
import { byDay, entryButton } from "./entry.js";
import { placed, scaleOf } from "./layout.js";
import { shifted, startingAt, whereWords } from "./times.js";

const SNAP = 15; // minutes that a drop is rounded to
const STEADY = 10; // pixels up or down that still mean the same time on another day
const LINE = { day: 30, narrow: 44, week: 58 }; // pixels a short entry takes: one line of words, two, or three
const NARROW = "(max-width: 620px)";

export function week({ first, count, day, today, now, entries, marks, open, goTo, dayLink }) {
  const days = range(first, count);
  const perDay = byDay(entries, days);
  const timed = new Map(days.map((one) => [one, perDay.get(one).filter((entry) => !entry.allDay)]));
  const scale = scaleOf(days, timed, count > 1 ? LINE.week : window.matchMedia(NARROW).matches ? LINE.narrow : LINE.day);
  const hours = Array.from({ length: scale.last - scale.first }, (_, n) => scale.first + n);
  const tall = { "--tall": `${scale.height}px` };

  const gutter = el(
    "div",
    { class: "gutter", "aria-hidden": "true" },
    el("div", { class: "gutter-head" }),
    el("div", { class: "gutter-allday" }, "all day"),
    el("div", { class: "gutter-hours", vars: tall }, hours.map((hour) => el("span", { vars: { top: `${scale.tops[hour]}px` } }, `${String(hour).padStart(2, "0")}:00`))),
  );

  const nowLine = () => {
    const minutes = minutesOf(now);
    if (dayOf(now) !== today || minutes < scale.first * 60 || minutes > scale.last * 60) return null;
    return el("div", { class: "now-line", "aria-hidden": "true", title: `Now: ${clockOf(minutes)}`, vars: { top: `${scale.toY(minutes)}px` } });
  };

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
      { class: classes.join(" "), "data-column": one, "data-on": one },
      head(one),
      wholeDay.length ? el("ul", { class: "allday", "aria-label": "All day" }, wholeDay.map((entry) => el("li", {}, button(entry)))) : el("div", { class: "allday" }),
      el(
        "div",
        { class: "hours", vars: tall },
        hours.map((hour) => el("div", { class: "hour-line", vars: { top: `${scale.tops[hour]}px` } })),
        one === today && nowLine(),
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

  const slot = el("div", { class: "slot", "aria-hidden": "true" });
  const isList = () => gutter.offsetParent === null; // too narrow for hours: each day is a list
  const snapped = (y, step = SNAP) => Math.min(Math.round(scale.toMinutes(y) / step) * step, 24 * 60 - SNAP);

  /** What a drop at a point would do: another day, another time, or all of the day. */
  const over = ({ x, y, top, dy, entry, from }) => {
    const target = document.elementFromPoint(x, y)?.closest("[data-column]");
    if (!target) return null;
    const one = target.dataset.on;
    const days = daysBetween(from.closest("[data-on]").dataset.on, one);
    const hoursOf = target.querySelector(".hours");
    const box = hoursOf.getBoundingClientRect();
    let timesFor = (at) => shifted(at, days);
    if (!isList() && y < box.top && !entry.allDay) timesFor = (at) => startingAt(at, one, null);
    if (!isList() && y >= box.top && (entry.allDay || Math.abs(dy) >= STEADY)) {
      const time = clockOf(snapped(top - box.top));
      timesFor = (at) => startingAt(at, one, time);
    }
    const times = timesFor(entry);
    const mark = (on) => {
      target.classList.toggle("is-target", on);
      slot.remove();
      if (!on || times.allDay || isList()) return;
      const start = scale.toY(minutesOf(times.starts));
      const end = scale.toY(Math.min(minutesOf(times.starts) + minutesBetween(times.starts, times.ends), 24 * 60));
      slot.style.setProperty("top", `${start}px`);
      slot.style.setProperty("height", `${Math.max(end - start, 8)}px`);
      hoursOf.append(slot);
    };
    return { mark, words: whereWords(times), timesFor };
  };
  const at = (press) => {
    const one = press.target.closest("[data-column]")?.dataset.on;
    if (!one) return null;
    const hoursOf = press.target.closest(".hours");
    if (!hoursOf || isList()) return { starts: `${one}T00:00`, ends: `${plusDays(one, 1)}T00:00`, allDay: true };
    const starts = `${one}T${clockOf(snapped(press.clientY - hoursOf.getBoundingClientRect().top - 12, 30))}`;
    return { starts, ends: plusMinutes(starts, 30), allDay: false };
  };

  const made = el("div", { class: count === 1 ? "days one" : "days many" }, gutter, days.map(column));

  // Left and right go from day to day, up and down through a day's entries.
  const focusDay = (one) => made.querySelector(`[data-day="${one}"]`)?.focus();
  made.addEventListener("keydown", (key) => {
    const at = key.target.closest("[data-column]");
    if (!at || key.altKey || key.ctrlKey || key.metaKey || key.shiftKey) return;
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
  return { shown: [made], focus: () => focusDay(day), over, at };
}
