// Bad days on order: which there are, for whom and how often; what is on and whom it struck; a vanished mailbox.

import * as api from "./api.js";
import * as dialogs from "./dialog.js";
import { byId, el, fill, icon, say } from "./dom.js";
import * as fields from "./fields.js";

// Of an order only what somebody trying things out would change; the rest stands as the kind has it.
const NUMBERS = {
  nth: ["From the how many-eth request on", 1, 1], times: ["How many suffer", 1, 1], rate: ["Chance, from 0 to 1", 0.05, 0],
  retry_after: ["Seconds to stay away", 1, 0], ms: ["Milliseconds longer", 10, 1], seconds: ["Seconds wrong", 1, null],
  for_seconds: ["Seconds that it lasts", 1, 1], page: ["Page of the list", 1, 1], seed: ["Seed of the chance", 1, 0],
};

let changed = async () => {};

/** `after()` looks anew at the state once a fault was ordered or taken back. */
export function setUp(after) {
  changed = after;
  byId("show-faults").addEventListener("click", open);
}

/** The button that opens the panel, with how many faults are on; a notice while there are any. */
export function notice({ has, faultsOn }) {
  const button = byId("show-faults");
  button.hidden = !has.faults;
  button.classList.toggle("is-on", faultsOn > 0);
  button.title = "What can go wrong, on order";
  fill(button, icon(faultsOn ? "alert" : "bolt"), el("span", { class: "words" }, faultsOn ? "Faults on: " : "Faults"), faultsOn > 0 && el("span", {}, faultsOn));
}

async function open() {
  const place = el("div", { class: "faults" }, el("p", { class: "muted" }, "Reading what can go wrong…"));
  dialogs.sheet("When Microsoft has a bad day", place);
  let told;
  let people = [];
  try {
    [told, { people }] = await Promise.all([api.faults(), api.people("")]);
  } catch (error) {
    fill(place, el("p", { class: "trouble", role: "alert" }, error.message));
    return;
  }
  const on = el("section", { "aria-labelledby": "faults-on" });
  const show = (now) => fill(on, standing(now, again));
  const again = async (work, words) => {
    try {
      show(await work());
      say(words);
      await changed();
    } catch (error) {
      fill(on, el("p", { class: "trouble", role: "alert" }, error.message));
    }
  };
  const order = async (fault, words) => {
    show(await api.orderFault(fault));
    say(words);
    await changed();
  };
  fill(
    place,
    el("p", { class: "muted" }, "What can go wrong between a bot and Microsoft 365, on order. The bot’s next requests meet it; the log says what came of it."),
    on,
    ordering(told.kinds, people, order),
    vanishing(people, again),
  );
  show(told);
  place.querySelector("select").focus();
}

function titleOf(kinds, fault) {
  const same = (kind) => kind.example.do === fault.do && ["path", "page", "verb", "retry_after_as"].every((name) => kind.example[name] === undefined || kind.example[name] === fault[name]);
  return (kinds.find(same) ?? kinds.find((kind) => kind.example.do === fault.do))?.title ?? fault.do;
}

let kindsKnown = [];

function standing({ kinds = kindsKnown, ordered, gone }, again) {
  kindsKnown = kinds;
  const heading = el("h3", { id: "faults-on" }, "On now");
  if (ordered.length + gone.length === 0) return [heading, el("p", { class: "muted" }, "Nothing: all is well.")];
  const line = (title, details, over, words, work) =>
    el("li", { class: over ? "is-over" : null }, el("div", {}, el("strong", {}, title), el("span", { class: "why" }, details)), el("button", { type: "button", class: "plain", onclick: () => again(work, words) }, words));
  return [
    heading,
    el(
      "ul",
      { class: "standing" },
      gone.map((one) => line(`${one.name} has vanished`, one.mail, false, "Bring back", () => api.setGone(one.mail, false))),
      ordered.map((one) => line(titleOf(kinds, one), details(one), one.over, "Take back", () => api.clearFaults(one.id))),
    ),
    ordered.length > 1 && el("button", { type: "button", class: "plain", onclick: () => again(() => api.clearFaults(), "All faults taken back") }, "Take all back"),
  ];
}

function details(one) {
  const whose = one.name ?? one.mailbox ?? "every mailbox";
  const parts = [
    `for ${whose}`, one.verb, one.rate !== null && `chance ${one.rate}`, one.on && `on ${one.on}`, one.for_seconds !== null && `for ${one.for_seconds} s`,
    one.times !== null && `at most ${one.times}`, `${one.struck} struck${one.over ? ", over" : ""}`,
  ];
  return parts.filter(Boolean).join(" · ");
}

function ordering(kinds, people, order) {
  const choose = fields.select(kinds.map((kind) => [kind.name, kind.title]), kinds[0].name);
  const words = el("p", { class: "why", "aria-live": "polite" });
  const chosenField = fields.field("do", "What is to go wrong", choose, { wide: true });
  chosenField.append(words);
  const more = el("div", { class: "fields" });
  let inputs = {};
  const draw = () => {
    const kind = kinds.find((one) => one.name === choose.value);
    const { example } = kind;
    inputs = {};
    words.textContent = kind.words;
    const made = [];
    if (!["token_expired", "token_revoked", "secret_expired", "skew"].includes(example.do) && !example.path?.startsWith("$") && !example.path?.startsWith("/")) {
      inputs.mailbox = fields.select([["", "Every mailbox"], ...people.map((one) => [one.mail, one.name])], "");
      made.push(fields.field("mailbox", "For whom", inputs.mailbox));
    }
    const often = !["skew", "gone", "loop"].includes(example.do) && example.rate === undefined && example.for_seconds === undefined;
    const asked = { ...(often && { times: 1 }), ...example };
    for (const [name, [label, step, min]] of Object.entries(NUMBERS)) {
      if (!(name in asked)) continue;
      inputs[name] = el("input", { type: "number", step, min, value: asked[name] ?? "", inputmode: "decimal" });
      made.push(fields.field(name, label, inputs[name], { hint: name === "times" ? "(blank: all)" : null }));
    }
    if (example.on) {
      inputs.on = el("input", { type: "date", value: example.on });
      made.push(fields.field("on", "On which day", inputs.on));
    }
    fill(more, made);
  };
  choose.addEventListener("change", draw);
  draw();
  const read = () => {
    const kind = kinds.find((one) => one.name === choose.value);
    const fault = { ...kind.example };
    delete fault.mailbox;
    for (const [name, input] of Object.entries(inputs)) {
      if (name === "mailbox" || name === "on") input.value ? (fault[name] = input.value) : delete fault[name];
      else if (input.value === "") name === "times" ? (fault.times = null) : delete fault[name];
      else fault[name] = Number(input.value);
    }
    return { fault, title: kind.title };
  };
  return fields.form({
    act: "Order it", sign: "bolt", cancel: () => byId("sheet").close(),
    content: [chosenField, more],
    send: () => {
      const { fault, title } = read();
      return order(fault, `${title}: ordered`);
    },
  });
}

function vanishing(people, again) {
  const who = fields.select(people.map((one) => [one.mail, one.name]), people[0]?.mail);
  const form = el("div", { class: "vanish" }, fields.field("gone", "Let a mailbox vanish", who), el("button", { type: "button", class: "plain", onclick: () => again(() => api.setGone(who.value, true), "The mailbox has vanished") }, icon("trash"), "Let it vanish"));
  return people.length > 0 && form;
}
