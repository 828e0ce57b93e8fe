// An appointment of one's own, and automatic replies while one is away: what a person adds to their mailbox.

import * as acts from "./acts.js";
import * as api from "./api.js";
import { dayOf, plusDays, timeOf } from "./dates.js";
import { sheet } from "./dialog.js";
import { el } from "./dom.js";
import * as fields from "./fields.js";
import { focusOn } from "./focus.js";
import { entryForm } from "./forms.js";

/** What Outlook fills in before anybody has said anything. */
const blank = (times) => ({
  ...times, subject: "", place: "", categories: [], private: false,
  showAs: times.allDay ? "free" : "busy", reminder: times.allDay ? null : 15,
});

export function compose(who, mailbox, times) {
  const entry = blank(times);
  const send = async (wish) => {
    const event = await acts.add(who, wish);
    close();
    focusOn({ id: event.id, day: dayOf(event.starts) });
  };
  const close = sheet("New appointment", entryForm({ entry, mailbox, act: "Add", cancel: () => close(), send }));
}

function moment(name, label, at) {
  const day = el("input", { type: "date", value: dayOf(at) });
  const time = el("input", { type: "time", value: timeOf(at), step: "300", "aria-label": `${label}, time` });
  const shown = fields.field(name, label, day);
  day.after(time);
  shown.classList.add("moment");
  return { shown, value: () => `${day.value}T${time.value}` };
}

/** Outlook's automatic replies: from when to when, with what words, and whether the days are marked too. */
export function goAway(who, mailbox, today) {
  const { away } = mailbox;
  const from = moment("from", "From", away.from ?? `${today}T00:00`);
  const until = moment("until", "Until", away.until ?? `${plusDays(today, 7)}T00:00`);
  const inside = fields.words(away.inside);
  const outside = fields.words(away.outside);
  const hours = el("div", { class: "when" }, from.shown, until.shown);
  const marked = fields.check("Put “Out of office” into the diary for that time", !away.on);
  const others = fields.check("Reply to people outside the organisation, too", away.audience !== "none", { onchange: () => settle() });
  const outsideField = fields.field("outside", "Reply to people outside", outside, { wide: true });
  const rest = el("div", { class: "fields" });
  let how = away.on && !away.from ? "always" : away.on ? "timed" : "off";
  const settle = () => {
    rest.hidden = how === "off";
    hours.hidden = how !== "timed";
    marked.shown.hidden = how !== "timed";
    outsideField.hidden = !others.box.checked;
  };
  const modes = fields.radios("away", [["off", "Off"], ["timed", "On between two times"], ["always", "On until turned off"]], how, (value) => {
    how = value;
    settle();
  });
  rest.append(hours, marked.shown, fields.field("inside", "Reply to colleagues", inside, { wide: true }), others.shown, outsideField);
  settle();
  const send = async () => {
    const timed = how === "timed" ? { from: from.value(), until: until.value() } : {};
    const wish = { on: how !== "off", ...timed, inside: inside.value, outside: others.box.checked ? outside.value : "", audience: others.box.checked ? "all" : "none" };
    await acts.also(() => api.setAway(who, wish), wish.on ? "Automatic replies are on." : "Automatic replies are off.");
    if (how === "timed" && marked.box.checked) await acts.add(who, whileAway(timed), { inForm: true, focus: false });
    close();
  };
  const close = sheet("Out of office", fields.form({ content: [modes, rest], act: "Save", cancel: () => close(), send }), { closed: () => document.getElementById("away")?.focus() });
}

/** All day where both ends are midnights. */
function whileAway({ from, until }) {
  const allDay = timeOf(from) === "00:00" && timeOf(until) === "00:00";
  return { subject: "Out of office", starts: from, ends: until, allDay, showAs: "oof", reminder: null };
}
