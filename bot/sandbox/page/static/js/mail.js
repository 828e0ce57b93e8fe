// A mailbox's inbox or sent items: the list, and the mail being read as it was designed or as plain text.

import * as acts from "./acts.js";
import * as api from "./api.js";
import { frame } from "./body.js";
import { dayOf, longDay, shortDay, timeOf } from "./dates.js";
import { byId, el, fill, icon, say, trouble } from "./dom.js";
import { mailLink } from "./route.js";

const NAMES = { inbox: "Inbox", sentitems: "Sent items" };
let asText = false; // kept while going from mail to mail
let keptUnread = null; // the mail that is open and was made unread again

const whoseName = (one) => one.name || one.address || "(nobody)";
const inFull = (one) => (one.name && one.name !== one.address ? `${one.name} <${one.address}>` : one.address);

function row(route, mail, today) {
  const others = route.folder === "sentitems" ? `To ${mail.to.map(whoseName).join(", ")}` : whoseName(mail.from);
  const when = dayOf(mail.at) === today ? timeOf(mail.at) : shortDay(mail.at);
  return el(
    "li",
    {},
    el(
      "a",
      { class: mail.read ? "mail-row" : "mail-row is-unread", href: mailLink(route.who, route.folder, mail.id), "aria-current": mail.id === route.id && "true", "data-mail-id": mail.id },
      el("span", { class: "mail-row-top" }, el("span", { class: "mail-row-who" }, !mail.read && el("span", { class: "unseen" }, "Unread. "), others), mail.files && el("span", { class: "mail-row-file" }, icon("clip"), el("span", { class: "unseen" }, "Has attachments")), el("span", { class: "mail-row-when" }, when)),
      el("span", { class: "mail-row-subject" }, mail.subject || "(No subject)"),
      el("span", { class: "mail-row-preview" }, mail.preview),
    ),
  );
}

function reading(route, mail) {
  const body = el("div", { class: "paper" });
  const line = (name, list) => list.length > 0 && [el("dt", {}, name), el("dd", {}, list.map(inFull).join(", "))];
  const choose = (plain) => {
    asText = plain;
    for (const button of choice.children) button.setAttribute("aria-pressed", String((button.dataset.text === "yes") === plain));
    fill(body, plain ? el("div", { class: "plain-text" }, mail.text) : frame(api.messageBody(route.who, mail.id), "The mail as designed"));
  };
  const choice = el(
    "div",
    { class: "segments", role: "group", "aria-label": "How to show this mail" },
    el("button", { type: "button", "data-text": "no", "aria-pressed": "true", onclick: () => choose(false) }, "As designed"),
    el("button", { type: "button", "data-text": "yes", "aria-pressed": "false", onclick: () => choose(true) }, "Plain text"),
  );
  choose(asText);
  return [
    el("a", { class: "plain reading-back", href: mailLink(route.who, route.folder) }, icon("left"), `Back to ${NAMES[route.folder].toLowerCase()}`),
    el("h2", { id: "reading-title", tabindex: "-1" }, mail.subject || "(No subject)"),
    el(
      "div",
      { class: "reading-head" },
      el(
        "dl",
        { class: "addresses" },
        line("From", [mail.from]), line("To", mail.to), line("Cc", mail.cc), line("Replies to", mail.replyTo),
        el("dt", {}, "Sent"), el("dd", {}, `${longDay(mail.at)}, ${timeOf(mail.at)}`),
      ),
      el("div", { class: "reading-acts" }, choice, route.folder === "inbox" && unreadButton(route, mail)),
    ),
    mail.attachments.length > 0 && attached(route, mail),
    body,
  ];
}

const sized = (bytes) => (bytes < 1024 ? `${bytes} bytes` : bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

function attached(route, mail) {
  return el(
    "ul",
    { class: "files", "aria-label": "Attachments" },
    mail.attachments.map((file) =>
      el("li", {}, el("a", { class: "file", href: api.attachment(route.who, mail.id, file.id), download: file.name }, icon("clip"), el("span", { class: "file-name" }, file.name), el("span", { class: "muted" }, sized(file.size)))),
    ),
  );
}

/** A mail that was opened counts as read, as in Outlook; here it can be made new again. */
function unreadButton(route, mail) {
  const act = () =>
    acts.also(async () => {
      keptUnread = mail.id;
      return api.markRead(route.who, mail.id, false);
    }, "Marked as unread.", {});
  return el("button", { type: "button", class: "plain", id: "unread", onclick: act }, "Mark as unread");
}

async function asRead(route, mail, headChanged) {
  if (route.id !== keptUnread) keptUnread = null;
  if (mail.read || keptUnread) return mail;
  const { message } = await api.markRead(route.who, mail.id, true);
  await headChanged();
  return message;
}

export async function show(place, route, { today, mailbox, fresh, headChanged }) {
  const { who, folder, id } = route;
  let opened = null;
  let failed = null;
  if (id) {
    try {
      opened = await asRead(route, await api.message(who, id), headChanged);
    } catch (error) {
      failed = trouble("This mail cannot be shown", error.message);
    }
  } else keptUnread = null;
  let list;
  try {
    ({ messages: list } = await api.messages(who, folder));
  } catch (error) {
    fill(place, trouble("The mail could not be read", error.message));
    return;
  }
  if (!fresh()) return;
  if (list.length === 0) {
    fill(place, el("p", { class: "empty" }, folder === "inbox" ? "No mail has come in yet." : "Nothing has been sent from this mailbox."));
    return;
  }
  const cameFromList = document.activeElement?.classList.contains("mail-row");
  const scrolled = place.querySelector(".mail-list")?.scrollTop ?? 0;
  const pane = el("section", { class: "reading", "aria-label": "The mail" }, opened ? reading(route, opened) : failed ?? el("p", { class: "empty" }, "Choose a mail to read it here."));
  fill(place, el("div", { class: id ? "mail is-reading" : "mail" }, el("ul", { class: "mail-list", "aria-label": `${NAMES[folder]} of ${mailbox.name}` }, list.map((mail) => row(route, mail, today))), pane));
  place.querySelector(".mail-list").scrollTop = scrolled;
  if (opened && cameFromList) byId("reading-title").focus({ preventScroll: true });
  if (!id && document.activeElement === document.body) byId("main").focus({ preventScroll: true });
  say(opened ? opened.subject : `${NAMES[folder]} of ${mailbox.name}: ${list.length === 1 ? "1 mail" : `${list.length} mails`}`);
}
