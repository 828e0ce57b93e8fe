// The forms in which an entry is written, moved or given its colours; each answers with a wish for the server.

import { dayOf, plusDays, plusMinutes, timeOf } from "./dates.js";
import { el } from "./dom.js";
import { marksOf, reminderWords, SHOWS } from "./entry.js";
import * as fields from "./fields.js";
import { startingAt } from "./times.js";

const KEPT = "The bot puts the titles of its own entries back on its next run.";
const SHOWN = Object.entries(SHOWS).filter(([value]) => value !== "unknown");

/** A day and a time beside each other; the time goes where an entry is all day. */
function moment(name, label, at) {
  const day = el("input", { type: "date", value: dayOf(at), required: true });
  const time = el("input", { type: "time", value: timeOf(at), step: "300", required: true, "aria-label": `${label}, time` });
  const shown = fields.field(name, label, day);
  shown.querySelector("input").after(time);
  shown.classList.add("moment");
  return { shown, day, time, value: () => `${day.value}T${time.hidden ? "00:00" : time.value}` };
}

/** Day and time of an entry, its all-day switch between them; an end follows its start. */
function when(entry) {
  const lastDay = entry.allDay && dayOf(entry.ends) > dayOf(entry.starts) ? plusDays(dayOf(entry.ends), -1) : dayOf(entry.ends);
  const timed = entry.allDay ? `${dayOf(entry.starts)}T09:00` : entry.starts;
  const starts = moment("starts", "Starts", timed);
  const ends = moment("ends", "Ends", entry.allDay ? `${lastDay}T09:30` : entry.ends);
  const allDay = fields.check("All day", entry.allDay);
  const toggle = () => [starts, ends].forEach(({ time }) => (time.hidden = allDay.box.checked));
  allDay.box.addEventListener("change", toggle);
  let before = starts.value();
  const follow = () => {
    const now = starts.value();
    const moved = Date.parse(`${now}:00Z`) - Date.parse(`${before}:00Z`);
    if (Number.isFinite(moved) && moved && ends.day.value && ends.time.value) {
      const next = plusMinutes(`${ends.day.value}T${ends.time.value}`, moved / 60000);
      ends.day.value = dayOf(next);
      if (!allDay.box.checked) ends.time.value = timeOf(next);
    }
    if (Number.isFinite(moved)) before = now;
  };
  starts.day.addEventListener("change", follow);
  starts.time.addEventListener("change", follow);
  toggle();
  const wish = () => {
    if (!allDay.box.checked) return { starts: starts.value(), ends: ends.value(), allDay: false };
    const last = ends.day.value ? plusDays(ends.day.value, 1) : "";
    return { starts: `${starts.day.value}T00:00`, ends: `${last}T00:00`, allDay: true };
  };
  return { shown: [allDay.shown, starts.shown, ends.shown], wish };
}

/** Everything of an entry; `send(wish)` gets all of it. */
export function entryForm({ entry, mailbox, act, cancel, send }) {
  const title = fields.text(entry.subject, { placeholder: "What is it?" });
  const place = fields.text(entry.place ?? "");
  const shows = fields.select(entry.showAs in SHOWS && entry.showAs !== "unknown" ? SHOWN : [...SHOWN, [entry.showAs, "Not known"]], entry.showAs);
  const reminder = fields.reminders(entry.reminder, reminderWords);
  const isPrivate = fields.check("Private: whoever shares this calendar sees no details", entry.private);
  const all = choices(mailbox, entry);
  const colours = fields.categories(all, entry.categories.map((one) => one.name), marksOf(all));
  const time = when(entry);
  return fields.form({
    act, cancel,
    content: [
      fields.field("subject", "Title", title, { wide: true, note: entry.tags?.length > 0 && KEPT }),
      el("div", { class: "when" }, time.shown),
      fields.field("showAs", "Show as", shows),
      fields.field("reminder", "Reminder", reminder),
      fields.field("place", "Where", place, { wide: true }),
      all.length > 0 && colours.shown,
      isPrivate.shown,
    ],
    send: () =>
      send({
        subject: title.value.trim(), place: place.value.trim(), ...time.wish(), showAs: shows.value,
        reminder: reminder.value === "" ? null : Number(reminder.value), private: isPrivate.box.checked, categories: colours.chosen(),
      }),
  });
}

/** Another day and time of the same length; for moving an entry, and for copying it. */
export function placeForm({ entry, act, sign, cancel, send }) {
  const day = el("input", { type: "date", value: dayOf(entry.starts), required: true });
  const time = el("input", { type: "time", value: entry.allDay ? "" : timeOf(entry.starts), step: "300" });
  const allDay = fields.check("All day", entry.allDay, { onchange: () => (timeField.hidden = allDay.box.checked) });
  const timeField = fields.field("ends", "Time", time);
  timeField.hidden = entry.allDay;
  return fields.form({
    act, sign, cancel,
    content: [fields.field("starts", "Day", day), timeField, allDay.shown],
    send: () => {
      if (!day.value) throw Object.assign(new Error(), { fields: { starts: "Choose a day." } });
      if (!allDay.box.checked && !time.value) throw Object.assign(new Error(), { fields: { ends: "Choose a time, or all day." } });
      return send(startingAt(entry, day.value, allDay.box.checked ? null : time.value));
    },
  });
}

export function categoriesForm({ entry, mailbox, cancel, send }) {
  const all = choices(mailbox, entry);
  const colours = fields.categories(all, entry.categories.map((one) => one.name), marksOf(all));
  return fields.form({ act: "Save", cancel, content: colours.shown, send: () => send({ categories: colours.chosen() }) });
}

/** The master list, and the names that only this entry knows. */
function choices(mailbox, entry) {
  const names = new Set(mailbox.categories.map((one) => one.name));
  return [...mailbox.categories, ...entry.categories.filter((one) => !names.has(one.name))];
}
