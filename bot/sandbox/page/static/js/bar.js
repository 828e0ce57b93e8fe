// Today's bar: which day it is in the stand-in, and the buttons that set it forward and run the bot.

import * as api from "./api.js";
import { longDay, nextMonday, plusDays, shortDay } from "./dates.js";
import { byId, el, fill, icon, say } from "./dom.js";

const ASK_EVERY = 400; // milliseconds between looks at a run under way

let state = null;
let after = async () => {};
let began = 0;

/** Draws the bar; `whenDone(runs)` is called after each run, and once now if there is something to tell. */
export async function start(now, whenDone) {
  after = whenDone;
  state = now;
  const runs = await api.runs();
  if (runs.goingTo) return follow(runs.goingTo);
  draw();
  return runs;
}

export function set(now) {
  const changed = now.today !== state.today;
  state = now;
  if (changed && !byId("working")) draw();
}

export const working = () => byId("working") !== null;

function draw(...instead) {
  fill(byId("today"), day(), instead.length ? instead : state.canRun ? buttons() : el("p", { class: "today-note" }, state.note));
}

function day() {
  return el("div", { class: "today-date" }, icon("calendar"), el("p", {}, el("strong", { id: "today-date" }, longDay(state.today)), el("small", {}, "Today in this stand-in")));
}

function buttons() {
  const next = plusDays(state.today, 1);
  const week = nextMonday(state.today);
  const button = (id, words, to, main) =>
    el("button", { type: "button", id, class: main ? "plain main-act" : "plain", title: `Go to ${longDay(to)} and run the bot`, onclick: () => go(to) }, words, el("span", { class: "unseen" }, `: go to ${shortDay(to)} and run the bot`));
  return [button("next-day", [icon("right"), "Next day"], next, true), button("next-week", [icon("forward"), "Next working week"], week, false), picker(next)];
}

function picker(earliest) {
  const input = el("input", { type: "date", id: "pick-date", min: earliest, max: plusDays(state.today, 366), value: earliest, required: true });
  const form = el(
    "form",
    { onsubmit: (happened) => { happened.preventDefault(); go(input.value); } },
    el("label", { for: "pick-date" }, "Go forward to"),
    input,
    el("button", { class: "plain main-act", type: "submit" }, "Go and run the bot"),
  );
  const pick = el("details", { class: "pick" }, el("summary", { class: "button", id: "pick" }, "Choose a day", icon("down")), form);
  pick.addEventListener("keydown", (key) => {
    if (key.key !== "Escape" || !pick.open) return;
    pick.open = false;
    byId("pick").focus();
  });
  pick.addEventListener("toggle", () => pick.open && input.focus());
  return pick;
}

async function go(to) {
  try {
    await api.goForward(to);
  } catch (error) {
    await after({ goingTo: null, failed: { date: to, error: error.message }, news: (await api.runs().catch(() => ({ news: [] }))).news });
    return;
  }
  await after(await follow(to));
  byId("next-day")?.focus({ preventScroll: true });
}

/** Shows that a run is under way until it has ended; answers with what there is to tell. */
async function follow(to) {
  began = Date.now();
  const words = el("span", {}, `Running the bot for ${shortDay(to)}…`);
  const seconds = el("span", { class: "muted", "aria-hidden": "true" });
  draw(el("div", { class: "working", id: "working" }, el("progress", { "aria-label": `Running the bot for ${longDay(to)}` }), words, seconds));
  say(`Running the bot for ${longDay(to)}`);
  let runs;
  for (;;) {
    await new Promise((done) => setTimeout(done, ASK_EVERY));
    runs = await api.runs().catch((error) => ({ goingTo: null, failed: { date: to, error: error.message }, news: [] }));
    if (!runs.goingTo) break;
    const passed = Math.round((Date.now() - began) / 1000);
    if (passed > 1) seconds.textContent = `${passed} s`;
  }
  state = await api.state().catch(() => state);
  draw();
  return runs;
}
