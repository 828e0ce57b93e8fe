// What can be done with an entry from its details: each act with its form, and what is said once it is done.

import * as acts from "./acts.js";
import { el } from "./dom.js";
import * as fields from "./fields.js";
import { categoriesForm, entryForm, placeForm } from "./forms.js";
import { timesOf, whereWords } from "./times.js";

export const ACTS = [
  { name: "edit", sign: "pencil", words: "Edit", title: "Edit" },
  { name: "move", sign: "move", words: "Move to…", title: "Move" },
  { name: "copy", sign: "copy", words: "Copy to…", title: "Copy" },
  { name: "categories", sign: "tag", words: "Categorise…", title: "Categories of" },
  { name: "delete", sign: "trash", words: "Delete…", title: "Delete" },
];

/** What of an entry a form writes, as it would write it. */
const asWish = (entry) => ({ ...entry, place: entry.place ?? "", categories: entry.categories.map((one) => one.name) });
const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Only what was written anew is sent, the times together; beside it what it was, for the way back. */
function changes(entry, wish) {
  const was = asWish(entry);
  const told = Object.fromEntries(Object.entries(wish).filter(([name, value]) => !isSame(value, was[name])));
  if ("starts" in told || "ends" in told || "allDay" in told) Object.assign(told, timesOf(wish));
  const before = Object.fromEntries(Object.keys(told).map((name) => [name, was[name]]));
  return { told, before };
}

/** The form for one act. `over(entry)` ends it, `back()` goes back, `guard(work)` watches for who was quicker. */
export function panel(act, { entry, mailbox, who, over, back, guard }) {
  const save = (wish, words) =>
    guard(async () => {
      const { told, before } = changes(entry, wish);
      over(Object.keys(told).length === 0 ? entry : await acts.change(who, entry, told, before, words));
    });
  const name = acts.called(entry);
  const made = {
    edit: () => entryForm({ entry, mailbox, act: "Save", cancel: back, send: (wish) => save(wish, `${name} changed.`) }),
    move: () => placeForm({ entry, act: "Move", sign: "move", cancel: back, send: (times) => save(times, `${name} moved to ${whereWords(times)}.`) }),
    copy: () => placeForm({ entry, act: "Copy", sign: "copy", cancel: back, send: (times) => guard(async () => over(await acts.copy(who, entry, times, { inForm: true }))) }),
    categories: () => {
      const words = ({ categories }) => (categories.length ? `${name} is now ${categories.join(", ")}.` : `${name} has no category now.`);
      return categoriesForm({ entry, mailbox, cancel: back, send: (wish) => save(wish, words(wish)) });
    },
    delete: () =>
      fields.form({
        act: "Delete", sign: "trash", danger: true, cancel: back,
        content: el("p", { class: "question" }, "It leaves this diary for good, as it would in Outlook."),
        send: () => guard(async () => over({ ...(await acts.remove(who, entry)), id: null })),
      }),
  };
  return made[act]();
}
