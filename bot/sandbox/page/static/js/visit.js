// What a worker says about one child's visit: that it was made or failed, that it is put off, that its record is done.

import { longDay, plusDays } from "./dates.js";
import { el, fill } from "./dom.js";
import * as fields from "./fields.js";
import { act, ask, date } from "./written.js";

const KINDS = { visit: "Visit", contact: "Contact by phone", return_interview: "Return interview" };
const ANSWERS = [
  ["alone", "Seen alone", true], ["awake", "Awake", true], ["observed", "Observed with the parents", true],
  ["at_home", "At home", true], ["bedroom", "Bedroom seen", true], ["unannounced", "Unannounced", false],
];

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

export function record(table, { child = null, kind = null } = {}) {
  ask("Record a visit", (cancel) => {
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
    const recordField = el("fieldset", { class: "field is-wide" }, el("legend", {}, "The record"), fields.radios("finalised", [["now", "Finalised now"], ["later", "Finalised later"]], "now", (value) => (finalised = value)));
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
      how.hidden = recordField.hidden = took === "no";
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
      content: [who.shown, kindField, fields.field("day", "Day", day), fields.field("time", "Time", time), outcome, how, recordField, reasonField],
      send: () => act(table, "visits", said()),
    });
  });
}

export function postpone(table, { child = null, planned = null } = {}) {
  ask("Postpone a visit", (cancel) => {
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

export function finalise(table, child) {
  ask("Finalise the record", (cancel) =>
    fields.form({
      act: "Finalise", sign: "tick", cancel,
      content: el("p", { class: "question" }, `${child.called}, seen on ${child.to_finalise.map(longDay).join(", ")}.`, el("span", { class: "wrong", "data-wrong": "child", hidden: true })),
      send: () => act(table, "finalised", { child: child.id }),
    }),
  );
}
