// The log: what each run of the bot did and why, in words, the newest first; of everybody or of one mailbox.

import { longDay, shortDay } from "./dates.js";
import { byId, el, fill, icon, say, trouble } from "./dom.js";
import { calendarLink, mailLink } from "./route.js";

const FIRST_LINES = 60; // of one mailbox; a first fill has more than anyone reads
const SIGNS = { put: "plus", moved: "move", changed: "pencil", done: "tick", removed: "trash", left: "hand", mailed: "mail", refused: "alert", told: "dot" };
const QUIET = new Set(["left", "mailed", "refused"]); // lines that are no change in a diary

let hasNews = false;
let only = ""; // the mailbox whose lines are shown; empty for everybody
let shown = null;

const counted = (n, one, many) => `${n} ${n === 1 ? one : many}`;
const changesIn = (lines) => lines.filter((line) => !QUIET.has(line.did));

function inSum(news) {
  const changes = changesIn(news.lines);
  const left = news.lines.filter((line) => line.did === "left").length;
  const refused = news.lines.filter((line) => line.did === "refused").length;
  const more = [left && `${counted(left, "entry", "entries")} left as a person wants it.`, refused && `${counted(refused, "thing", "things")} could not be done.`];
  if (!news.writes && !news.mails) return ["Nothing had to change: no entry was written and no mail was sent.", ...more].filter(Boolean).join(" ");
  const diaries = new Set(changes.map((line) => line.mailbox)).size;
  const where = diaries ? ` in ${counted(diaries, "mailbox", "mailboxes")}` : "";
  return [`${counted(changes.length, "change", "changes")}${where}. ${counted(news.writes, "write", "writes")} to Outlook, ${news.mails ? counted(news.mails, "mail", "mails") : "no mail"} sent.`, ...more].filter(Boolean).join(" ");
}

function byMailbox(lines, current) {
  const boxes = new Map();
  for (const line of lines) {
    if (only && line.mailbox !== only) continue;
    if (!boxes.has(line.mailbox)) boxes.set(line.mailbox, { name: line.name, mail: line.mailbox, lines: [] });
    boxes.get(line.mailbox).lines.push(line);
  }
  const isCurrent = (box) => box.mail.toLowerCase() === current.toLowerCase();
  return [...boxes.values()].sort((a, b) => isCurrent(b) - isCurrent(a) || a.name.localeCompare(b.name));
}

/** What is refused comes first, what was left as it was last. */
const ORDER = ["refused", "put", "moved", "changed", "done", "removed", "told", "mailed", "left"];
const inOrder = (lines) => [...lines].sort((a, b) => ORDER.indexOf(a.did) - ORDER.indexOf(b.did));

function row(line, date) {
  const href = line.mail ? mailLink(line.mailbox, "inbox", line.mail) : line.entry ? calendarLink(line.mailbox, "month", date, line.entry) : null;
  const words = href ? el("a", { href }, line.what) : line.what;
  return el("li", { class: `did-${line.did}` }, icon(SIGNS[line.did] ?? "dot"), el("div", {}, words, line.why && el("span", { class: "why" }, line.why)));
}

function told(news, { current, linkOf }) {
  const boxes = byMailbox(news.lines, current);
  return [
    el("p", { class: "sum" }, inSum(news)),
    news.problems.length > 0 &&
      el("div", { class: "trouble" }, el("p", {}, el("strong", {}, counted(news.problems.length, "problem", "problems"))), el("ul", {}, news.problems.map((words) => el("li", {}, words)))),
    boxes.map((box) => [
      el("h3", {}, el("a", { href: linkOf(box.mail) }, box.name), ` (${box.lines.length})`),
      el("ul", { class: "lines" }, inOrder(box.lines).slice(0, FIRST_LINES).map((line) => row(line, news.date))),
      box.lines.length > FIRST_LINES && el("p", { class: "muted" }, `and ${box.lines.length - FIRST_LINES} more`),
    ]),
    only && boxes.length === 0 && el("p", { class: "muted" }, "Nothing in this mailbox."),
  ];
}

/** An earlier run: its words are only made when somebody opens it. */
function earlier(news, doing) {
  const changes = changesIn(news.lines).filter((line) => !only || line.mailbox === only).length;
  const place = el("div", {});
  const made = el("details", {}, el("summary", {}, longDay(news.date), el("span", { class: "muted" }, ` · ${changes ? counted(changes, "change", "changes") : "no change"}`)), place);
  made.addEventListener("toggle", () => made.open && !place.hasChildNodes() && fill(place, told(news, doing)));
  return made;
}

/** Whose lines to show, of all that any run here speaks of. */
function filter(news) {
  const names = new Map(news.flatMap((one) => one.lines).map((line) => [line.mailbox, line.name]));
  if (only && !names.has(only)) only = "";
  if (names.size < 2) return null;
  const sorted = [...names].sort(([, a], [, b]) => a.localeCompare(b));
  const choose = el("select", { id: "log-of" }, [["", "Everybody"], ...sorted].map(([mail, name]) => el("option", { value: mail, selected: mail === only }, name)));
  choose.addEventListener("change", () => {
    only = choose.value;
    show(...shown);
    byId("log-of")?.focus();
  });
  return el("div", { class: "log-of" }, el("label", { for: "log-of" }, "Show"), choose);
}

/** Shows the panel; without any run there is nothing to show. */
export function show(runs, { current = "", linkOf, announce = false }) {
  const panel = byId("changes");
  const [latest, ...before] = runs.news;
  if (!runs.failed && !latest) return hide();
  shown = [runs, { current, linkOf }];
  const about = runs.failed ?? latest;
  const doing = { current, linkOf };
  fill(
    panel,
    el(
      "header",
      {},
      el("h2", { id: "changes-title", tabindex: "-1" }, runs.failed ? `${shortDay(about.date)}: the run failed` : `What changed on ${shortDay(about.date)}`),
      el("button", { type: "button", class: "bare", "aria-label": "Close what changed", onclick: hide }, icon("close")),
    ),
    filter(runs.news),
    runs.failed ? trouble("The bot could not do its work", runs.failed.error) : told(latest, doing),
    (runs.failed ? runs.news : before).map((news) => earlier(news, doing)),
  );
  panel.hidden = false;
  panel.parentElement.classList.add("with-changes");
  byId("show-changes").hidden = true;
  if (announce) say(runs.failed ? `The run failed. ${runs.failed.error}` : `It is ${longDay(latest.date)}. ${inSum(latest)}`);
  return undefined;
}

/** Puts the panel away; the button that brings it back takes its place, and the focus where it was inside. */
export function hide() {
  const panel = byId("changes");
  const inside = panel.contains(document.activeElement);
  panel.hidden = true;
  panel.parentElement.classList.remove("with-changes");
  const back = byId("show-changes");
  back.hidden = !panel.hasChildNodes() && !hasNews;
  if (inside && !back.hidden) back.focus();
}

/** There is something to tell, for whoever asks for it. */
export function offer(runs) {
  hasNews = runs.news.length > 0 || runs.failed !== null;
  byId("show-changes").hidden = !hasNews || !byId("changes").hidden;
}
