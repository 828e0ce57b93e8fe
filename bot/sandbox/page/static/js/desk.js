// A worker's desk: a visit recorded, put off or finalised, sickness told; then the bot is run, or the day goes on.

import * as api from "./api.js";
import * as bar from "./bar.js";
import { longDay, plusDays, shortDay } from "./dates.js";
import * as dialogs from "./dialog.js";
import { el, fill, icon, say } from "./dom.js";
import * as fields from "./fields.js";

const KINDS = { visit: "Visit", contact: "Contact by phone", return_interview: "Return interview" };
const ANSWERS = [
  ["alone", "Seen alone", true], ["awake", "Awake", true], ["observed", "Observed with the parents", true],
  ["at_home", "At home", true], ["bedroom", "Bedroom seen", true], ["unannounced", "Unannounced", false],
];

const known = new Map(); // the last table of each worker, so that a diary drawn anew keeps its row
let written = async () => {};
let isThere = false;

/** `has`: whether there is a desk at all; `after()` looks anew once something was written down. */
export function setUp(has, after) {
  isThere = has;
  written = after;
}

const counted = (n, one, many) => `${n} ${n === 1 ? one : many}`;

function sum({ children }) {
  const late = children.filter((child) => child.owed.some((one) => one.late)).length;
  const covered = children.filter((child) => child.cover_for).length;
  const parts = [counted(children.length - covered, "child", "children"), covered && `${covered} to cover`, late && `${late} overdue`];
  return parts.filter(Boolean).join(", ");
}

/** The row below a worker's name; empty for whoever visits nobody. */
export function row(who) {
  const place = el("div", { class: "desk", role: "group", "aria-label": "In the case record" });
  place.hidden = true;
  if (!isThere) return place;
  const draw = (table) => {
    place.hidden = !table;
    if (table) fill(place, rowOf(table));
  };
  if (known.has(who)) draw(known.get(who));
  api
    .desk(who)
    .then(({ table }) => {
      known.set(who, table);
      if (!place.contains(document.activeElement)) draw(table);
    })
    .catch((error) => {
      place.hidden = false;
      fill(place, el("p", { class: "desk-sum" }, error.message));
    });
  return place;
}

function rowOf(table) {
  const act = (name, sign, words, open) => el("button", { type: "button", class: "act", "data-desk": name, onclick: () => open(table) }, icon(sign), words);
  const { away } = table;
  return [
    el("p", { class: "desk-sum" }, away ? el("strong", { class: "is-away" }, awayWords(away)) : sum(table)),
    table.children.length > 0 && [
      act("visit", "tick", "Record a visit", (now) => record(now)),
      act("postpone", "clock", "Postpone a visit", (now) => postpone(now)),
    ],
    away ? act("back", "people", "Back at work", back) : act("sick", "pulse", "Off sick", sick),
  ];
}

function awayWords({ first, last, covered_by: covers, planned }) {
  const until = last ? `until ${shortDay(last)}` : `since ${shortDay(first)}`;
  return `${planned ? "On leave" : "Off sick"} ${until}${covers ? `; ${covers} covers` : ""}`;
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
      const { table } = await api.desk(who);
      known.set(who, table);
      const child = table?.children.find((one) => one.id === meaning.child);
      if (!child) return;
      const button = (name, sign, words, open) => el("button", { type: "button", class: "act", "data-desk": name, onclick: open }, icon(sign), words);
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

function childField(table, chosen, changed) {
  const owed = (child) => child.owed.find((one) => one.kind in KINDS) ?? child.owed[0];
  const words = (child) => [child.called, child.cover_for && `for ${child.cover_for}`, owed(child)?.words].filter(Boolean).join(" · ");
  const control = fields.select(table.children.map((child) => [child.id, words(child)]), chosen ?? (table.children.find((child) => child.owed.some((one) => one.kind === "visit")) ?? table.children[0])?.id);
  const why = el("div", { class: "why", "aria-live": "polite" });
  const show = () => {
    const child = table.children.find((one) => one.id === control.value);
    const seen = child?.last_seen ? `Last seen ${longDay(child.last_seen)}.` : "";
    fill(why, child?.owed.map((one) => el("p", {}, el("strong", {}, one.words), one.why && ` ${one.why}.`)), seen && el("p", {}, seen));
    changed?.(child);
  };
  control.addEventListener("change", show);
  const shown = fields.field("child", "Child", control, { wide: true });
  shown.append(why);
  return { shown, show, value: () => control.value };
}

const date = (value, more = {}) => el("input", { type: "date", value, required: true, ...more });

function open(title, make) {
  const close = dialogs.sheet(title, make(() => close()));
}

function record(table, { child = null, kind = null } = {}) {
  open("Record a visit", (cancel) => {
    const kinds = fields.select([["visit", KINDS.visit]], "visit");
    const kindField = fields.field("kind", "What was it?", kinds);
    const who = childField(table, child, (chosen) => {
      const offered = [...new Set(["visit", ...(chosen?.owed.map((one) => one.kind) ?? [])])].filter((one) => one in KINDS);
      fill(kinds, offered.map((one) => el("option", { value: one, selected: one === (chosen?.id === child ? kind : null) }, KINDS[one])));
      kindField.hidden = offered.length < 2;
    });
    const day = date(table.today, { max: table.today });
    const time = el("input", { type: "time", value: "10:00", step: "300" });
    const seen = fields.check("The child was seen", true);
    const answers = ANSWERS.map(([name, label, checked]) => ({ name, ...fields.check(label, checked) }));
    const reason = fields.text("", { maxlength: "300" });
    const reasonField = fields.field("reason", "Why did it fail?", reason, { wide: true });
    const how = el(
      "fieldset",
      { class: "answers field is-wide", "data-field": "seen", tabindex: "-1" },
      el("legend", {}, "How it was"),
      el("div", { class: "chips" }, seen.shown, answers.map((one) => one.shown)),
      el("p", { class: "wrong", "data-wrong": "seen", hidden: true }),
    );
    let took = "yes";
    let finalised = "now";
    const record_ = el("fieldset", { class: "field is-wide" }, el("legend", {}, "The record"), fields.radios("finalised", [["now", "Finalised now"], ["later", "Finalised later"]], "now", (value) => (finalised = value)));
    const outcome = el(
      "fieldset",
      { class: "field is-wide" },
      el("legend", {}, "What came of it"),
      fields.radios("took_place", [["yes", "It took place"], ["no", "It failed"]], "yes", (value) => {
        took = value;
        toggle();
      }),
    );
    const toggle = () => {
      how.hidden = record_.hidden = took === "no";
      reasonField.hidden = took === "yes";
    };
    toggle();
    who.show();
    const said = () => {
      const yes = Object.fromEntries(answers.map(({ name, box }) => [name, box.checked]));
      const about = took === "yes" ? { seen: seen.box.checked, alone: yes.alone, awake: yes.awake, observed: yes.observed, at_home: yes.at_home, bedroom: yes.bedroom } : {};
      return { child: who.value(), kind: kinds.value, day: day.value, time: time.value, took_place: took === "yes", announced: !yes.unannounced, finalised: took === "yes" && finalised === "now", reason: took === "no" ? reason.value : "", ...about };
    };
    seen.box.addEventListener("change", () => {
      for (const { name, box } of answers.slice(0, 3)) {
        box.disabled = !seen.box.checked;
        box.checked = seen.box.checked && ANSWERS.find(([one]) => one === name)[2];
      }
    });
    return fields.form({
      act: "Write it down", sign: "tick", cancel,
      content: [who.shown, kindField, fields.field("day", "Day", day), fields.field("time", "Time", time), outcome, how, record_, reasonField],
      send: () => act(table, "visits", said()),
    });
  });
}

function postpone(table, { child = null, planned = null } = {}) {
  open("Postpone a visit", (cancel) => {
    const from = date(planned ?? table.today);
    const to = date(plusDays(planned && planned > table.today ? planned : table.today, 2), { required: false });
    const who = childField(table, child);
    const reason = fields.text("", { maxlength: "300", placeholder: "family ill, court, …" });
    const told = fields.check("The manager and the reviewing officer have been told", false);
    who.show();
    return fields.form({
      act: "Put it off", sign: "clock", cancel,
      content: [
        who.shown, fields.field("planned", "It was to be on", from), fields.field("to", "It is now to be on", to, { hint: "(blank: not known yet)" }),
        fields.field("reason", "Why?", reason, { wide: true }), told.shown,
      ],
      send: () => act(table, "postponed", { child: who.value(), planned: from.value, to: to.value, reason: reason.value, told: told.box.checked }),
    });
  });
}

function sick(table) {
  open(`${table.name} is off sick`, (cancel) => {
    const first = date(table.today);
    const last = date("", { required: false });
    const names = table.colleagues.map((one) => [one.mailbox, one.away ? `${one.name} (away)` : one.name]);
    const covers = fields.select([["", table.usual_buddy ? `The usual buddy: ${nameOf(table, table.usual_buddy)}` : "Nobody yet"], ...names], "");
    return fields.form({
      act: "Put off sick", sign: "pulse", cancel,
      content: [
        fields.field("first", "First day", first), fields.field("last", "Last day", last, { hint: "(blank: not known yet)" }),
        fields.field("covered_by", "Who covers?", covers, { wide: true }),
      ],
      send: () => act(table, "sick", { first: first.value, last: last.value, covered_by: covers.value }),
    });
  });
}

const nameOf = (table, mailbox) => table.colleagues.find((one) => one.mailbox === mailbox)?.name ?? mailbox;

function back(table) {
  open(`${table.name} is back at work`, (cancel) => {
    const on = date(table.today);
    return fields.form({
      act: "Back at work", sign: "people", cancel,
      content: [fields.field("on", "First day back", on)],
      send: () => act(table, "back", { on: on.value }),
    });
  });
}

function finalise(table, child) {
  open("Finalise the record", (cancel) =>
    fields.form({
      act: "Finalise", sign: "tick", cancel,
      content: el("p", { class: "question" }, `${child.called}, seen on ${child.to_finalise.map(longDay).join(", ")}.`, el("span", { class: "wrong", "data-wrong": "child", hidden: true })),
      send: () => act(table, "finalised", { child: child.id }),
    }),
  );
}

/** Writes it down, and then asks what is to come next. */
async function act(table, what, said) {
  const told = await api.atDesk(table.mailbox, what, said);
  await written();
  done(told);
}

function done({ words, then }) {
  const next = bar.nextWorkday();
  const leave = () => {
    document.getElementById("details").close();
    close();
  };
  const run = (to) => () => {
    leave();
    bar.go(to, "straight", to === bar.today() ? "run-now" : "next-day");
  };
  const close = dialogs.sheet(
    "Written down",
    el(
      "div",
      { class: "sheet-form" },
      el("p", {}, words),
      el("p", { class: "muted" }, then),
      el(
        "div",
        { class: "sheet-foot" },
        bar.canRun() && [
          el("button", { type: "button", class: "plain main-act", onclick: run(bar.today()) }, icon("play"), "Run the bot now"),
          el("button", { type: "button", class: "plain", onclick: run(next) }, icon("right"), `Go to ${shortDay(next)}`),
        ],
        el("button", { type: "button", class: "plain", onclick: () => close() }, "Close"),
      ),
    ),
  );
  say(`${words} ${then}`);
}
