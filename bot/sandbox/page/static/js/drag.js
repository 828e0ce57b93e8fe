// Dragging an entry with a pointer: what follows it, what it would become where it is, and the drop.
// A finger scrolls instead; it has “Move to…” in the details, as the keyboard has.

import { el } from "./dom.js";

const FAR = 5; // pixels before a press becomes a drag
const EDGE = 48; // pixels from the window's edge at which it scrolls

let going = false;

export const dragging = () => going;

/**
 * Lets the entries inside `place` be dragged. `entryOf(button)` is what was grabbed. `over(point)` says what a
 * drop there would do ({ mark, words, timesFor }) or null. `dropped(entry, timesFor, copy)` does it.
 */
export function draggable(place, { entryOf, over, dropped }) {
  place.addEventListener("pointerdown", (press) => {
    const button = press.target.closest(".entry");
    if (!button || press.button !== 0 || press.pointerType === "touch" || going) return;
    const box = button.getBoundingClientRect();
    begin({ button, press, entry: entryOf(button), grab: { x: press.clientX - box.left, y: press.clientY - box.top }, over, dropped });
  });
}

function swallowClick() {
  const swallow = (click) => {
    click.preventDefault();
    click.stopPropagation();
  };
  window.addEventListener("click", swallow, { capture: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}

function begin({ button, press, entry, grab, over, dropped }) {
  const stop = new AbortController();
  const { signal } = stop;
  let ghost = null;
  let here = null;

  const lift = () => {
    const box = button.getBoundingClientRect();
    going = true;
    ghost = el("div", { class: "ghost", "aria-hidden": "true", vars: { width: `${box.width}px` } }, button.cloneNode(true), el("span", { class: "ghost-words" }));
    document.body.append(ghost);
    document.body.classList.add("is-dragging");
    button.classList.add("is-lifted");
  };
  const unmark = () => here?.mark(false);
  const follow = (move) => {
    ghost.style.setProperty("transform", `translate(${move.clientX - grab.x}px, ${move.clientY - grab.y}px)`);
    unmark();
    here = over({ x: move.clientX, y: move.clientY, top: move.clientY - grab.y, dy: move.clientY - press.clientY, entry, from: button });
    here?.mark(true);
    const isCopy = move.ctrlKey || move.altKey;
    ghost.classList.toggle("is-nowhere", !here);
    ghost.classList.toggle("is-copy", isCopy);
    ghost.lastChild.textContent = here ? `${isCopy ? "Copy to " : ""}${here.words}` : "Not here";
    if (move.clientY < EDGE) window.scrollBy(0, -12);
    else if (move.clientY > window.innerHeight - EDGE) window.scrollBy(0, 12);
  };
  const end = () => {
    stop.abort();
    unmark();
    ghost?.remove();
    document.body.classList.remove("is-dragging");
    button.classList.remove("is-lifted");
    going = false;
  };

  window.addEventListener("pointermove", (move) => {
    if (!ghost && Math.hypot(move.clientX - press.clientX, move.clientY - press.clientY) < FAR) return;
    if (!ghost) lift();
    follow(move);
  }, { signal });
  window.addEventListener("pointerup", (up) => {
    const [was, target] = [ghost, here];
    end();
    if (!was) return;
    swallowClick(); // or the release would open what was just dropped
    if (target) dropped(entry, target.timesFor, up.ctrlKey || up.altKey);
  }, { signal });
  window.addEventListener("pointercancel", end, { signal });
  window.addEventListener("keydown", (key) => {
    if (key.key !== "Escape" || !ghost) return;
    key.preventDefault();
    end();
  }, { signal, capture: true });
}
