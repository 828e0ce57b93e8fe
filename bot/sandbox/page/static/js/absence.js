// A worker falls ill, and comes back: who covers meanwhile.

import * as fields from "./fields.js";
import { act, ask, date } from "./written.js";

const nameOf = (table, mailbox) => table.colleagues.find((one) => one.mailbox === mailbox)?.name ?? mailbox;

export function sick(table) {
  ask(`${table.name} is off sick`, (cancel) => {
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

export function back(table) {
  ask(`${table.name} is back at work`, (cancel) => {
    const on = date(table.today);
    return fields.form({
      act: "Back at work", sign: "people", cancel,
      content: [fields.field("on", "First day back", on)],
      send: () => act(table, "back", { on: on.value }),
    });
  });
}
