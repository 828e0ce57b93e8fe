// Reads the address, shows what it asks for, and looks again when the stand-in says that something changed.

import * as acts from "./acts.js";
import * as api from "./api.js";
import * as bar from "./bar.js";
import * as calendar from "./calendar.js";
import * as changes from "./changes.js";
import * as desk from "./desk.js";
import * as details from "./details.js";
import { byId, el, fill, icon, trouble } from "./dom.js";
import { dragging } from "./drag.js";
import * as faults from "./faults.js";
import { dialogOpen, focusOn, keep } from "./focus.js";
import { headOf } from "./head.js";
import * as mail from "./mail.js";
import * as people from "./people.js";
import { calendarLink, mailLink, read, settle } from "./route.js";

const LOOK_EVERY = 4000; // milliseconds between asking whether something changed

let state = null;
let runs = { news: [], failed: null };
let route = null;
let mailbox = null;
let shown = ""; // what the middle of the page shows, so that opening an entry does not draw it again
let turn = 0;

/** In the picker everybody's link keeps to the view and the day that are open. */
function linkOf(person) {
  if (route?.place === "mail" && person[route.folder] > 0) return mailLink(person.mail, route.folder);
  const view = route?.view ?? "month";
  return calendarLink(person.mail, view, route?.day ?? state.today);
}

const diaryOf = (address) => calendarLink(address, route?.view ?? "month", state.today);

const head = () => headOf({ mailbox, route, today: state.today, hasDesk: people.groupOf(mailbox.mail) === "workers" });

async function show({ again = false } = {}) {
  turn += 1;
  const mine = turn;
  const fresh = () => mine === turn;
  route = read(window.location.hash, state.today);
  if (!route.who) {
    route.who = people.first();
    if (!route.who) return fill(byId("main"), el("p", { class: "empty" }, "Nobody has a mailbox here yet. They appear as soon as the bot is set up for them."));
    settle(calendarLink(route.who, route.view ?? "month", route.day ?? state.today));
  }
  people.mark(route.who);
  const key = [route.who, route.place, route.view, route.day, route.folder, route.id].join(" ");
  if (again || key !== shown) {
    shown = key;
    if (!(await middle(fresh)) || !fresh()) return undefined;
  }
  if (route.entry) await details.open(route.who, route.entry, mailbox, entryClosed);
  else details.close();
  return undefined;
}

/** Whether there was a mailbox to show. */
async function middle(fresh) {
  const main = byId("main");
  try {
    const [read] = await Promise.all([api.mailbox(route.who), desk.prepare(route.who)]);
    if (!fresh()) return false;
    mailbox = read;
  } catch (error) {
    fill(main, trouble("This mailbox cannot be shown", error.message));
    return false;
  }
  document.title = `${mailbox.name} · ${state.title}`;
  const held = document.activeElement?.closest?.(".mailbox-head a");
  let place = byId("place");
  if (place?.dataset.who === mailbox.mail) {
    // What has the focus stays where it is: only the head is new.
    main.querySelector(".mailbox-head").replaceWith(head());
  } else {
    place = el("div", { id: "place", "data-who": mailbox.mail });
    fill(main, head(), place);
  }
  if (held) main.querySelector(".mailbox-head [aria-current]")?.focus();
  const view = route.place === "mail" ? mail : calendar;
  await view.show(place, route, {
    today: state.today, now: state.now, mailbox, fresh,
    headChanged: async () => {
      const counted = await api.mailbox(route.who);
      if (!fresh()) return;
      mailbox = counted;
      main.querySelector(".mailbox-head").replaceWith(head());
    },
  });
  if (fresh() && !byId("changes").hidden) changes.show(runs, { current: mailbox.mail, linkOf: diaryOf });
  return true;
}

function entryClosed() {
  const now = read(window.location.hash, state.today);
  if (now.entry) settle(calendarLink(now.who, now.view, now.day));
}

/** After a run: the new day in the diary that is open, and what changed beside it. */
async function afterRun(told) {
  const before = state.today;
  runs = told;
  changes.offer(runs);
  state = await api.state().catch(() => state);
  bar.set(state);
  await people.load(linkOf);
  if (route.place === "calendar" && state.today !== before) settle(calendarLink(route.who, route.view, state.today));
  changes.show(runs, { current: route.who, linkOf: diaryOf, announce: true });
  await show({ again: true });
}

/** After a person's own act: the mark is known, and the focus goes where the act went. */
async function afterAct({ mark = null, focus = null }) {
  state = { ...((await api.state().catch(() => null)) ?? state), ...(mark && { mark }) };
  faults.notice(state);
  keep(focus?.id ?? null);
  await people.load(linkOf);
  await show({ again: true });
  if (focus) focusOn(focus);
}

async function look() {
  if (document.hidden || bar.working() || dialogOpen() || dragging()) return;
  const now = await api.state().catch(() => null);
  if (!now || bar.working() || now.mark === state.mark) return;
  state = now;
  bar.set(now);
  faults.notice(now);
  await people.load(linkOf);
  await show({ again: true });
}

async function begin() {
  try {
    state = await api.state();
  } catch (error) {
    fill(byId("main"), trouble("The diaries cannot be shown", error.message));
    return;
  }
  acts.setUp(afterAct);
  desk.setUp(state.has.desk, () => afterAct({}));
  faults.setUp(() => afterAct({}));
  faults.notice(state);
  document.title = state.title;
  byId("brand").textContent = state.title;
  const running = bar.start(state, afterRun).catch(() => runs);
  await people.load(linkOf);
  window.addEventListener("hashchange", () => show());
  byId("skip").addEventListener("click", () => byId("main").focus());
  const drawn = show();
  runs = await running;
  await drawn;
  changes.offer(runs);
  fill(byId("show-changes"), icon("log"), el("span", { class: "words" }, "What changed"));
  byId("show-changes").addEventListener("click", () => {
    changes.show(runs, { current: route.who, linkOf: diaryOf });
    byId("changes-title").focus();
  });
  setInterval(look, LOOK_EVERY);
}

begin();
