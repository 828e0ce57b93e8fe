// What colours and signs mean, of those that the shown entries carry.

import { el } from "./dom.js";
import { mark, SHOWS, showsSample } from "./entry.js";

/** The categories that the shown entries carry, by name; the mailbox's other ones would say nothing here. */
export function legend(entries, marks) {
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
