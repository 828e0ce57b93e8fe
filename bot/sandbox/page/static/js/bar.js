// Today's bar: which day it is in the stand-in, the buttons that run the bot, and how far it has come.

import * as api from "./api.js";
import { isWeekend, longDay, nextMonday, plusDays, shortDay } from "./dates.js";
import { byId, el, fill, icon, say } from "./dom.js";

const ASK_EVERY = 400; // milliseconds between looks at a run under way

let state = null;
let after = async () => {};

/** Draws the bar; `whenDone(runs)` is called after each run, and once now if there is something to tell. */
export async function start(now, whenDone) {
  after = whenDone;
  state = now;
  draw();
  const runs = await api.runs();
  return runs.goingTo ? follow(runs) : runs;
}

export function set(now) {
  const changed = now.today !== state.today;
  state = now;
  if (changed && !byId("working")) draw();
}

export const working = () => byId("working") !== null;
export const canRun = () => state?.canRun && !working();
export const today = () => state.today;
export const nextWorkday = () => [1, 2, 3].map((n) => plusDays(state.today, n)).find((day) => !isWeekend(day));

function draw(...instead) {
  fill(byId("today"), day(), instead.length ? instead : state.canRun ? buttons() : el("p", { class: "today-note" }, state.note));
}

function day(shown = state.today) {
  return el("div", { class: "today-date" }, el("p", {}, el("strong", { id: "today-date" }, longDay(shown)), el("small", {}, "Today in this stand-in")));
}

function buttons() {
  const next = plusDays(state.today, 1);
  const button = (id, sign, words, told, act, main) =>
    el("button", { type: "button", id, class: main ? "plain main-act" : "plain", title: told, onclick: act }, icon(sign), el("span", { class: "words" }, words), el("span", { class: "unseen" }, `: ${told}`));
  return [
    button("run-now", "play", "Run now", "run the bot again without moving the date", () => go(state.today, "straight", "run-now")),
    button("next-day", "right", "Next day", `go to ${shortDay(next)} and run the bot`, () => go(next), true),
    button("next-week", "forward", "Next working week", `go to ${shortDay(nextMonday(state.today))}, and run the bot on each weekday until then`, () => go(nextMonday(state.today), "each_day")),
    picker(next),
  ];
}

/** How many runs there are on the way: one on each weekday between, and one on the day itself. */
const runsUntil = (to) => {
  let count = 1;
  for (let one = plusDays(state.today, 1); one < to && count < 400; one = plusDays(one, 1)) count += isWeekend(one) ? 0 : 1;
  return count;
};

function picker(earliest) {
  const input = el("input", { type: "date", id: "pick-date", min: earliest, max: plusDays(state.today, 366), value: earliest, required: true });
  const many = el("span", {});
  const count = () => {
    const n = input.value > state.today ? runsUntil(input.value) : 1;
    many.textContent = n === 1 ? "one run" : `${n} runs`;
  };
  input.addEventListener("input", count);
  const way = (value, words, told, checked) =>
    el("label", { class: "check" }, el("input", { type: "radio", name: "how", value, checked }), el("span", {}, words, el("small", {}, told)));
  const form = el(
    "form",
    {
      onsubmit: (happened) => {
        happened.preventDefault();
        go(input.value, new FormData(form).get("how"), "pick");
      },
    },
    el("label", { for: "pick-date" }, "Go forward to"),
    input,
    el(
      "fieldset",
      { class: "ways" },
      el("legend", { class: "unseen" }, "How to go"),
      way("each_day", "Day by day", ["The bot runs on each weekday between: ", many, "."], true),
      way("straight", "Straight there", "One run on that day, as if the service had stood still.", false),
    ),
    el("button", { class: "plain main-act", type: "submit" }, "Go and run the bot"),
  );
  count();
  const pick = el("details", { class: "pick" }, el("summary", { class: "button", id: "pick", title: "go to a day of your choice" }, icon("calendar"), el("span", { class: "words" }, "Choose a day"), icon("down")), form);
  pick.addEventListener("keydown", (key) => {
    if (key.key !== "Escape" || !pick.open) return;
    pick.open = false;
    byId("pick").focus();
  });
  pick.addEventListener("toggle", () => pick.open && input.focus());
  return pick;
}

/** Goes to a day and runs the bot on the way; the focus comes back to `focus`. */
export async function go(to, how = "straight", focus = "next-day") {
  let runs;
  try {
    runs = await api.runUntil(to, how);
  } catch (error) {
    const before = await api.runs().catch(() => ({ news: [] }));
    await after({ goingTo: null, failed: { date: to, error: error.message }, news: before.news });
    return;
  }
  await after(await follow(runs));
  byId(focus)?.focus({ preventScroll: true });
}

/** Shows how far runs have come until they have ended; answers with what there is to tell. */
async function follow(first) {
  const many = first.of > 1;
  const began = Date.now();
  const bar = el("progress", { "aria-label": `Running the bot until ${longDay(first.goingTo)}`, max: many ? first.of : null, value: many ? 0 : null });
  const words = el("span", {});
  const seconds = el("span", { class: "muted", "aria-hidden": "true" });
  const stop = many && el("button", { type: "button", class: "plain", id: "stop-runs", onclick: () => { stop.disabled = true; api.stopRuns().catch(() => null); } }, icon("stop"), "Stop");
  draw(el("div", { class: "working", id: "working" }, bar, words, seconds, stop));
  say(many ? `Running the bot on ${first.of} days until ${longDay(first.goingTo)}` : `Running the bot for ${longDay(first.goingTo)}`);
  for (let now = first; ; ) {
    if (many) bar.value = now.done;
    words.textContent = now.stopping ? "Stopping after this run…" : many ? `Running the bot for ${shortDay(now.day)}: ${Math.min(now.done + 1, now.of)} of ${now.of}…` : `Running the bot for ${shortDay(now.goingTo)}…`;
    byId("today-date").textContent = longDay(many ? now.day : now.goingTo);
    const passed = Math.round((Date.now() - began) / 1000);
    seconds.textContent = passed > 1 ? `${passed} s` : "";
    await new Promise((done) => setTimeout(done, ASK_EVERY));
    const told = await api.progress().catch((error) => ({ goingTo: null, lost: error.message }));
    if (told.lost) return lost(told.lost);
    if (!told.goingTo) break;
    now = told;
  }
  const runs = await api.runs().catch((error) => ({ goingTo: null, failed: { date: first.goingTo, error: error.message }, news: [] }));
  state = await api.state().catch(() => state);
  draw();
  return runs;
}

function lost(words) {
  draw();
  return { goingTo: null, failed: { date: state.today, error: words }, news: [] };
}
