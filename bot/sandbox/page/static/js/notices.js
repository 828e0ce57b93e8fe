// What was just done, said in a corner with a way back; and what was refused, said until somebody has read it.

import { byId, el, fill, icon } from "./dom.js";

const STAYS = 9000; // milliseconds; longer while it is pointed at or has the focus

let back = null;
let ends = 0;

export function clear() {
  clearTimeout(ends);
  back = null;
  fill(byId("notices"));
}

function close() {
  return el("button", { type: "button", class: "bare", "aria-label": "Close this message", onclick: clear }, icon("close"));
}

function later() {
  clearTimeout(ends);
  ends = setTimeout(() => (byId("notices").matches(":hover, :focus-within") ? later() : clear()), STAYS);
}

/** “Moved to Thu 26 Nov”, with a button that takes it back where there is a way. */
export function tell(words, undo = null) {
  clear();
  back = undo;
  const button = undo && el("button", { type: "button", class: "undo", onclick: takeBack }, "Undo");
  fill(byId("notices"), el("div", { class: "notice" }, el("p", { role: "status" }, words), button, close()));
  later();
}

export function refuse(words) {
  clear();
  fill(byId("notices"), el("div", { class: "notice is-refused" }, el("p", { role: "alert" }, words), close()));
}

export function takeBack() {
  const undo = back;
  clear();
  undo?.();
}

// Ctrl Z takes back the last act wherever one is, unless words are being written.
document.addEventListener("keydown", (key) => {
  if (!back || key.key.toLowerCase() !== "z" || !(key.ctrlKey || key.metaKey) || key.shiftKey) return;
  if (key.target.matches?.("input, textarea, select")) return;
  key.preventDefault();
  takeBack();
});
