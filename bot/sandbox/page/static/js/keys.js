// What keys do to the entry that has the focus: all that a pointer can do by dragging, and a little more.

import { el } from "./dom.js";
import { sheet } from "./dialog.js";

const QUARTER = 15; // minutes that an arrow moves an entry among the hours

let held = null; // what was copied by Ctrl C, until something else is

const STEPS = {
  month: { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [-7, 0], ArrowDown: [7, 0] },
  hours: { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -QUARTER], ArrowDown: [0, QUARTER] },
};

/** `shift(entry, days, minutes)`, `open(entry, act)` and `paste(entry, day)` do it; `steps` says how arrows go. */
export function entryKeys(place, { steps, entryOf, shift, open, paste }) {
  const done = (key) => {
    const button = key.target.closest(".entry");
    const word = key.ctrlKey || key.metaKey ? key.key.toLowerCase() : "";
    const day = key.target.closest("[data-on]")?.dataset.on;
    if (word === "v" && held && day) return paste(held, day) ?? true;
    if (!button) return false;
    const entry = entryOf(button);
    if (word === "c") return (held = entry) !== null;
    if (word || key.altKey) return false;
    if (key.key === "Delete") return open(entry, "delete") ?? true;
    if (key.key === "F2") return open(entry, "edit") ?? true;
    const step = key.shiftKey && STEPS[steps][key.key];
    if (!step || (entry.allDay && step[0] === 0)) return false;
    return shift(entry, ...step) ?? true;
  };
  place.addEventListener("keydown", (key) => {
    if (!done(key)) return;
    key.preventDefault();
    key.stopPropagation();
  }, { capture: true });
}

const TOLD = [
  ["Arrow keys", "go from day to day; in a week or a day also from entry to entry"],
  ["Tab", "goes into the entries of the day"],
  ["Enter", "opens an entry, F2 opens it to be changed"],
  ["Shift + arrow keys", "move an entry by a day or a week; among the hours by a quarter of an hour"],
  ["Ctrl + C, Ctrl + V", "copy an entry to the day that has the focus"],
  ["Delete", "deletes an entry, after asking"],
  ["Ctrl + Z", "takes back what was just done"],
  ["Page Up, Page Down", "go to the month, week or day before or after"],
];

export function tellKeys() {
  const close = sheet("Keys", [
    el("dl", { class: "keys" }, TOLD.map(([keys, does]) => [el("dt", {}, keys), el("dd", {}, does)])),
    el("p", { class: "muted" }, "With a pointer: drag an entry to move it, with Ctrl held to copy it. Press twice on an empty place to write something there."),
    el("div", { class: "sheet-foot" }, el("button", { type: "button", class: "plain main-act", onclick: () => close() }, "Close")),
  ]);
}
