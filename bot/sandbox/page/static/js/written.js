// What is written down at a desk: the form that asks, the writing, and what is to come next.

import * as api from "./api.js";
import * as bar from "./bar.js";
import { shortDay } from "./dates.js";
import * as dialogs from "./dialog.js";
import { byId, el, icon, say } from "./dom.js";

let written = async () => {};

/** `after()` looks anew once something was written down. */
export function setUp(after) {
  written = after;
}

export const date = (value, more = {}) => el("input", { type: "date", value, required: true, ...more });

/** A form in a dialog of its own; `make(cancel)` makes it. */
export function ask(title, make) {
  const close = dialogs.sheet(title, make(() => close()));
}

/** Writes it down, and then asks what is to come next. */
export async function act(table, what, said) {
  const told = await api.atDesk(table.mailbox, what, said);
  await written();
  done(told);
}

function done({ words, then }) {
  const next = bar.nextWorkday();
  const leave = () => {
    byId("details").close();
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
