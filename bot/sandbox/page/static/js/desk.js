// A worker's desk as it stands in the head of a diary and in an entry: how much is owed, and what can be written down.

import { back, sick } from "./absence.js";
import * as api from "./api.js";
import { shortDay } from "./dates.js";
import { el, fill, icon } from "./dom.js";
import { disclosure } from "./menu.js";
import { finalise, postpone, record } from "./visit.js";
import * as written from "./written.js";

const WAITS = 250; // milliseconds that a diary waits for the desk, so that both are drawn at once

const known = new Map(); // the last table of each worker, so that a diary drawn anew keeps its row
let isThere = false;

/** `has`: whether there is a desk at all; `after()` looks anew once something was written down. */
export function setUp(has, after) {
  isThere = has;
  written.setUp(after);
}

const asked = new Map(); // what is being read: two who ask at once ask together

function read(who) {
  if (!asked.has(who)) {
    const answer = api.desk(who).then(({ table }) => known.set(who, table) && table);
    asked.set(who, answer.finally(() => asked.delete(who)));
  }
  return asked.get(who);
}

/** Asks what lies on a desk; ready when that is known, or when a diary should wait no longer. */
export async function prepare(who) {
  if (!isThere || known.has(who)) return;
  await Promise.race([read(who).catch(() => null), new Promise((done) => setTimeout(done, WAITS))]);
}

const counted = (n, one, many) => `${n} ${n === 1 ? one : many}`;

function sum({ children, away }) {
  if (away) return el("span", { class: "is-away" }, awayWords(away));
  const late = children.filter((child) => child.owed.some((one) => one.late)).length;
  const covered = children.filter((child) => child.cover_for).length;
  const parts = [counted(children.length - covered, "child", "children"), covered && `${covered} to cover`];
  return [parts.filter(Boolean).join(", "), late > 0 && [", ", el("span", { class: "is-late" }, `${late} overdue`)]];
}

function awayWords({ first, last, covered_by: covers, planned }) {
  const until = last ? `until ${shortDay(last)}` : `since ${shortDay(first)}`;
  return `${planned ? "On leave" : "Off sick"} ${until}${covers ? `; ${covers} covers` : ""}`;
}

const button = (name, sign, words, open) => el("button", { type: "button", class: "act", "data-desk": name, onclick: open }, icon(sign), words);

/** The row below a worker's name, empty for whoever visits nobody. It keeps its height where it is still `expected`. */
export function row(who, expected) {
  const place = el("div", { class: "desk", role: "group", "aria-label": "In the case record" });
  const draw = (table) => {
    place.hidden = !table;
    if (table) fill(place, rowOf(table));
  };
  place.hidden = !isThere || !expected;
  if (!isThere) return place;
  if (known.has(who)) draw(known.get(who));
  read(who)
    .then((table) => place.contains(document.activeElement) || draw(table))
    .catch((error) => {
      place.hidden = false;
      fill(place, el("p", { class: "desk-sum" }, error.message));
    });
  return place;
}

/** The sum and the acts in one line; where the page is narrow the sum opens the acts as a menu. */
function rowOf(table) {
  const { away, children } = table;
  const acts = el("div", { class: "desk-list", id: "desk-list" }, [
    children.length > 0 && [button("visit", "tick", "Record a visit", () => record(table)), button("postpone", "clock", "Postpone a visit", () => postpone(table))],
    away ? button("back", "people", "Back at work", () => back(table)) : button("sick", "pulse", "Off sick", () => sick(table)),
  ]);
  const menu = el("button", { type: "button", class: "plain", id: "desk-menu" }, el("span", {}, sum(table)), icon("down"));
  disclosure(menu, acts);
  return [el("p", { class: "desk-sum" }, sum(table)), menu, acts];
}

/** What can be written down about one entry, by a worker at whose desk it is owed. */
export function aboutEntry(who, id) {
  const place = el("div", { class: "acts desk-acts", role: "group", "aria-label": "In the case record" });
  place.hidden = true;
  if (!isThere) return place;
  api
    .meaning(who, id)
    .then(async ({ meaning }) => {
      if (!meaning || meaning.kind === "decision") return;
      const table = await read(who);
      const child = table?.children.find((one) => one.id === meaning.child);
      if (!child) return;
      place.hidden = false;
      if (meaning.kind === "recording") {
        fill(place, button("finalise", "tick", "Finalise the record", () => finalise(table, child)));
        return;
      }
      fill(
        place,
        button("visit", "tick", `Record this ${meaning.kind === "contact" ? "contact" : "visit"}`, () => record(table, { child: child.id, kind: meaning.kind })),
        meaning.kind === "visit" && button("postpone", "clock", "Postpone it", () => postpone(table, { child: child.id, planned: meaning.due })),
      );
    })
    .catch(() => null); // the entry itself is shown all the same
  return place;
}
