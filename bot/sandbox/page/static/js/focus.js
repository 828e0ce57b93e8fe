// Where the focus goes after something was drawn anew: to the entry, or to the day it stands on.

import { byId } from "./dom.js";

let kept = null;

/** The entry that was just acted on: a full day of the month shows it rather than another. */
export function keep(id) {
  kept = id;
}

export const isKept = (entry) => entry.id === kept;

export const dialogOpen = () => document.querySelector("dialog[open]") !== null;

export function focusOn({ id = null, day = null }) {
  const place = byId("place");
  if (!place || dialogOpen()) return;
  const wanted = [id && `.entry[data-id="${CSS.escape(id)}"]`, day && `[data-day="${day}"]`].filter(Boolean);
  for (const selector of wanted) {
    const found = [...place.querySelectorAll(selector)].find((one) => one.offsetParent !== null);
    if (!found) continue;
    found.focus({ preventScroll: false });
    return;
  }
}
