// One entry's details, in a dialog: what it says, and everything a colour or a sign stood for, in words.

import * as api from "./api.js";
import { frame } from "./body.js";
import { dayOf, longDay, plusDays, timeOf } from "./dates.js";
import { byId, el, fill, icon, trouble } from "./dom.js";
import { isAchieved, mainColour, mark, marksOf, reminderWords, SHOWS } from "./entry.js";

export function whenWords(entry) {
  const [first, last] = [dayOf(entry.starts), dayOf(entry.ends)];
  if (entry.allDay) {
    const lastDay = last > first ? plusDays(last, -1) : first;
    return first === lastDay ? `${longDay(first)}, all day` : `${longDay(first)} to ${longDay(lastDay)}, all day`;
  }
  if (first === last) return `${longDay(first)}, ${timeOf(entry.starts)} to ${timeOf(entry.ends)}`;
  return `${longDay(first)}, ${timeOf(entry.starts)} to ${longDay(last)}, ${timeOf(entry.ends)}`;
}

const fact = (sign, name, ...told) => [el("dt", {}, icon(sign), name), el("dd", {}, ...told)];

function categories(entry, marks) {
  if (entry.categories.length === 0) return isAchieved(entry) ? "None: it has been seen, and its colour is out" : "None";
  return entry.categories.map((c) =>
    el("span", { class: "swatch-name" }, mark(c, marks), c.name, c.colour === "none" && el("span", { class: "muted" }, " (no colour in this mailbox)")),
  );
}

export async function open(who, id, known, closed) {
  const dialog = byId("details");
  if (dialog.open && dialog.dataset.entry === id) return;
  const head = (title, colour) =>
    el("div", { class: "details-head", "data-colour": colour }, el("h2", { id: "details-title" }, title), el("button", { type: "button", class: "bare", "aria-label": "Close", onclick: () => dialog.close() }, icon("close")));
  fill(dialog, head("Reading the entry…", "none"));
  dialog.dataset.entry = id;
  dialog.onclose = () => {
    delete dialog.dataset.entry;
    fill(dialog);
    closed();
  };
  dialog.onclick = (click) => click.target === dialog && dialog.close();
  if (!dialog.open) dialog.showModal();
  try {
    const entry = await api.event(who, id);
    if (dialog.dataset.entry !== id) return;
    const marks = marksOf(known);
    fill(
      dialog,
      head(entry.subject || "(No subject)", mainColour(entry)),
      el(
        "div",
        { class: "details-inner", tabindex: "0", role: "region", "aria-label": "The entry’s details" },
        el(
          "dl",
          { class: "facts" },
          fact("clock", "When", whenWords(entry)),
          entry.place && fact("tag", "Where", entry.place),
          fact("tag", "Categories", categories(entry, marks)),
          fact("people", "Shows as", SHOWS[entry.showAs] ?? entry.showAs),
          fact("lock", "Private", entry.private ? "Yes: whoever shares this calendar sees no details" : "No"),
          fact("bell", "Reminder", entry.reminder === null ? "None" : `Rings ${reminderWords(entry.reminder)}`),
        ),
        entry.hasBody && el("div", { class: "paper" }, frame(api.eventBody(who, id), "What the entry says")),
      ),
    );
  } catch (error) {
    fill(dialog, head("This entry cannot be shown", "none"), el("div", { class: "details-inner" }, trouble("It could not be read", error.message)));
  }
}

export function close() {
  const dialog = byId("details");
  if (dialog.open) dialog.close();
}
