// What the bot did on the last run and why, in words; the runs before it can be opened below.

import { longDay, shortDay } from "./dates.js";
import { byId, el, fill, icon, say, trouble } from "./dom.js";

const FIRST_LINES = 60; // of one mailbox; a first fill has more than anyone reads

let hasNews = false;

const counted = (n, one, many) => `${n} ${n === 1 ? one : many}`;

function inSum(news) {
  if (!news.writes && !news.mails) return "Nothing had to change: no entry was written and no mail was sent.";
  const diaries = new Set(news.lines.map((line) => line.mailbox)).size;
  const where = diaries ? ` in ${counted(diaries, "mailbox", "mailboxes")}` : "";
  return `${counted(news.lines.length, "change", "changes")}${where}. ${counted(news.writes, "write", "writes")} to Outlook, ${news.mails ? counted(news.mails, "mail", "mails") : "no mail"} sent.`;
}

function byMailbox(lines, current) {
  const boxes = new Map();
  for (const line of lines) {
    if (!boxes.has(line.mailbox)) boxes.set(line.mailbox, { name: line.name, mail: line.mailbox, lines: [] });
    boxes.get(line.mailbox).lines.push(line);
  }
  const isCurrent = (box) => box.mail.toLowerCase() === current.toLowerCase();
  return [...boxes.values()].sort((a, b) => isCurrent(b) - isCurrent(a) || a.name.localeCompare(b.name));
}

function told(news, { current, linkOf, heading }) {
  return [
    el("p", { class: "sum" }, inSum(news)),
    news.problems.length > 0 &&
      el("div", { class: "trouble" }, el("p", {}, el("strong", {}, counted(news.problems.length, "problem", "problems"))), el("ul", {}, news.problems.map((words) => el("li", {}, words)))),
    byMailbox(news.lines, current).map((box) => [
      el(heading, {}, el("a", { href: linkOf(box.mail) }, box.name), ` (${box.lines.length})`),
      el("ul", {}, box.lines.slice(0, FIRST_LINES).map((line) => el("li", {}, line.what, line.why && el("span", { class: "why" }, line.why)))),
      box.lines.length > FIRST_LINES && el("p", { class: "muted" }, `and ${box.lines.length - FIRST_LINES} more`),
    ]),
  ];
}

/** Shows the panel; null hides it. */
export function show(runs, { current = "", linkOf, announce = false }) {
  const panel = byId("changes");
  const [latest, ...before] = runs.news;
  if (!runs.failed && !latest) return hide();
  const about = runs.failed ?? latest;
  fill(
    panel,
    el(
      "header",
      {},
      el("h2", { id: "changes-title", tabindex: "-1" }, runs.failed ? `${shortDay(about.date)}: the run failed` : `What changed on ${shortDay(about.date)}`),
      el("button", { type: "button", class: "bare", "aria-label": "Close what changed", onclick: hide }, icon("close")),
    ),
    runs.failed
      ? trouble("The bot could not do its work", runs.failed.error)
      : told(latest, { current, linkOf, heading: "h3" }),
    (runs.failed ? runs.news : before).map((news) =>
      el("details", {}, el("summary", {}, longDay(news.date)), told(news, { current, linkOf, heading: "h3" })),
    ),
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
