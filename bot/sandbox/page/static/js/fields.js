// The fields that forms are made of: each with its label, and below it what is wrong with what was written.

import { el, icon } from "./dom.js";
import { mark } from "./entry.js";

const REMINDERS = [
  [null, "None"], [0, "At the start"], [5, "5 minutes before"], [15, "15 minutes before"], [30, "30 minutes before"],
  [60, "1 hour before"], [120, "2 hours before"], [1440, "1 day before"], [2880, "2 days before"], [10080, "1 week before"],
];

let made = 0;

/** A label, its control, a note on what becomes of it, and the place where a refusal of it is said. */
export function field(name, label, control, { hint = null, note = null, wide = false } = {}) {
  made += 1;
  const id = `field-${made}`;
  control.id = id;
  control.dataset.field = name;
  control.setAttribute("aria-describedby", note ? `${id}-wrong ${id}-note` : `${id}-wrong`);
  return el(
    "div",
    { class: wide ? "field is-wide" : "field" },
    el("label", { for: id }, label, hint && el("span", { class: "muted" }, ` ${hint}`)),
    control,
    note && el("p", { class: "muted note", id: `${id}-note` }, note),
    el("p", { class: "wrong", id: `${id}-wrong`, "data-wrong": name, hidden: true }),
  );
}

export const text = (value, more = {}) => el("input", { type: "text", value, maxlength: "255", autocomplete: "off", ...more });

export const words = (value, more = {}) => el("textarea", { rows: "4", ...more }, value);

export function select(choices, chosen) {
  return el("select", {}, choices.map(([value, name]) => el("option", { value: value === null ? "" : String(value), selected: value === chosen }, name)));
}

/** Reminders as Outlook offers them, and the one the entry has where it is another. */
export function reminders(chosen, wordsOf) {
  const known = REMINDERS.some(([value]) => value === chosen);
  return select(known ? REMINDERS : [...REMINDERS, [chosen, wordsOf(chosen)]], chosen);
}

export function check(label, checked, more = {}) {
  const box = el("input", { type: "checkbox", checked, ...more });
  return { box, shown: el("label", { class: "check" }, box, el("span", {}, label)) };
}

/** Choices of which one holds, as buttons that say so. */
export function radios(name, choices, chosen, onchange) {
  return el(
    "div",
    { class: "radios" },
    choices.map(([value, label]) => el("label", { class: "check" }, el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onchange(value) }), el("span", {}, label))),
  );
}

/** The mailbox's categories with their colours, several of which may be chosen, or none. */
export function categories(all, chosen, marks) {
  const boxes = all.map((one) => ({ name: one.name, ...check([mark(one, marks), one.name], chosen.includes(one.name)) }));
  const shown = el(
    "fieldset",
    { class: "categories", "data-field": "categories", tabindex: "-1" },
    el("legend", {}, "Categories", el("span", { class: "muted" }, " one, several or none")),
    el("div", { class: "chips" }, boxes.map((one) => one.shown)),
    el("p", { class: "wrong", "data-wrong": "categories", hidden: true }),
  );
  return { shown, chosen: () => boxes.filter((one) => one.box.checked).map((one) => one.name) };
}

/** A form whose refusals are said where they belong; `send` throws them. */
export function form({ content, act, danger = false, sign = null, cancel, send }) {
  const general = el("div", { class: "trouble", role: "alert", hidden: true });
  const main = el("button", { type: "submit", class: danger ? "plain danger-act" : "plain main-act" }, sign && icon(sign), act);
  const made = el(
    "form",
    { class: "sheet-form", novalidate: true },
    general,
    el("div", { class: "fields" }, content),
    el("div", { class: "sheet-foot" }, main, el("button", { type: "button", class: "plain", onclick: cancel }, danger ? "Keep it" : "Cancel")),
  );
  const say = (error) => {
    const fields = error?.fields ?? {};
    let elsewhere = error && Object.keys(fields).length === 0 ? error.message : "";
    for (const place of made.querySelectorAll("[data-wrong]")) {
      const wrong = fields[place.dataset.wrong];
      place.textContent = wrong ?? "";
      place.hidden = !wrong;
    }
    for (const control of made.querySelectorAll("[data-field]")) control.toggleAttribute("aria-invalid", control.dataset.field in fields);
    for (const [name, wrong] of Object.entries(fields)) if (!made.querySelector(`[data-wrong="${CSS.escape(name)}"]`)) elsewhere += ` ${wrong}`;
    general.textContent = elsewhere.trim();
    general.hidden = !general.textContent;
    made.querySelector("[aria-invalid]")?.focus();
  };
  made.addEventListener("submit", async (happened) => {
    happened.preventDefault();
    say(null);
    main.disabled = true;
    try {
      await send();
    } catch (error) {
      say(error);
    } finally {
      main.disabled = false;
    }
  });
  return made;
}
