// One entry in a dialog: what it says, everything a colour or a sign stood for in words, and what can be done.

import * as acts from "./acts.js";
import * as api from "./api.js";
import { frame } from "./body.js";
import { dayOf } from "./dates.js";
import * as desk from "./desk.js";
import * as dialogs from "./dialog.js";
import { byId, el, icon, trouble } from "./dom.js";
import { isAchieved, mainColour, mark, marksOf, reminderWords, showsSample, SHOWS } from "./entry.js";
import { focusOn } from "./focus.js";
import { ACTS, panel } from "./panels.js";
import { whenWords } from "./times.js";

let wanted = "look"; // what the next entry that is opened is opened for

/** The next entry is opened in order to be changed, moved, copied, given colours or deleted. */
export function nextFor(act) {
  wanted = act;
}

const fact = (sign, name, ...told) => [el("dt", {}, icon(sign), name), el("dd", {}, ...told)];

function colours(entry, marks) {
  if (entry.categories.length === 0) return isAchieved(entry) ? "None: it has been seen, and its colour is out" : "None";
  return entry.categories.map((c) =>
    el("span", { class: "swatch-name" }, mark(c, marks), c.name, c.colour === "none" && el("span", { class: "muted" }, " (no colour in this mailbox)")),
  );
}

function facts(entry, mailbox, who) {
  return el(
    "div",
    { class: "details-inner", tabindex: "0", role: "region", "aria-label": "The entry’s details" },
    el(
      "dl",
      { class: "facts" },
      fact("clock", "When", whenWords(entry)),
      entry.repeats && fact("repeat", "Repeats", "One of a series: what is done here is done to this one alone"),
      entry.people.length > 0 && fact("people", "With", `${entry.people.map((one) => one.name || one.address).join(", ")}; asked by ${entry.organizer.map((one) => one.name || one.address).join(", ") || "nobody known"}`),
      entry.place && fact("place", "Where", entry.place),
      fact("tag", "Categories", colours(entry, marksOf(mailbox.categories))),
      fact("calendar", "Shows as", showsSample(entry.showAs), SHOWS[entry.showAs] ?? entry.showAs),
      fact("lock", "Private", entry.private ? "Yes: whoever shares this calendar sees no details" : "No"),
      fact("bell", "Reminder", entry.reminder === null ? "None" : `Rings ${reminderWords(entry.reminder)}`),
      entry.tags.length > 0 && fact("keys", "Marks", `${entry.tags.join(", ")}: put there by a program; a copy carries them too`),
    ),
    entry.hasBody && el("div", { class: "paper" }, frame(api.eventBody(who, entry.id), "What the entry says")),
  );
}

export async function open(who, id, mailbox, closed) {
  const dialog = byId("details");
  if (dialog.open && dialog.dataset.entry === id) return;
  const openedFor = wanted;
  let doing = "look";
  let entry = null;
  wanted = "look";
  dialog.dataset.entry = id;

  const put = (...content) =>
    dialogs.show(
      dialog,
      {
        closed: () => {
          delete dialog.dataset.entry;
          closed();
        },
        escape: () => doing !== "look" && openedFor === "look" && (look(), true),
      },
      ...content,
    );
  const over = (event) => {
    dialog.close();
    focusOn({ id: event.id, day: dayOf(event.starts) });
  };
  const guard = async (work) => {
    try {
      await work();
    } catch (error) {
      if (!error.now) throw error;
      entry = error.now;
      look(error.message);
    }
  };
  const start = (act) => {
    doing = act.name;
    const back = () => (openedFor === "look" ? look() : dialog.close());
    const title = `${act.title} ${entry.subject ? `“${entry.subject}”` : "this entry"}`;
    put(dialogs.head(dialog, title, mainColour(entry)), el("div", { class: "details-inner" }, panel(act.name, { entry, mailbox, who, over, back, guard })));
    dialog.querySelector(act.name === "delete" ? "[type=submit]" : "input, select")?.focus();
  };
  const bar = () =>
    el(
      "div",
      { class: "acts", role: "group", "aria-label": "What to do with this entry" },
      ACTS.map((act) => el("button", { type: "button", class: "act", "data-act": act.name, onclick: () => start(act) }, icon(act.sign), act.words)),
    );
  const look = (quicker = null) => {
    const from = doing;
    doing = "look";
    put(dialogs.head(dialog, entry.subject || "(No subject)", mainColour(entry)), quicker && trouble("Somebody was quicker", quicker), bar(), desk.aboutEntry(who, entry.id), facts(entry, mailbox, who));
    dialog.querySelector(`[data-act="${from}"]`)?.focus();
  };

  put(dialogs.head(dialog, "Reading the entry…"));
  try {
    const read = await api.event(who, id);
    if (dialog.dataset.entry !== id) return;
    entry = read;
    acts.know([entry]);
    if (openedFor === "look") look();
    else start(ACTS.find((act) => act.name === openedFor));
  } catch (error) {
    put(dialogs.head(dialog, "This entry cannot be shown"), el("div", { class: "details-inner" }, trouble("It could not be read", error.message)));
  }
}

export function close() {
  const dialog = byId("details");
  if (dialog.open) dialog.close();
}
