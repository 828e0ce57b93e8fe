// The head of a mailbox: whose it is, whether they are away, and the way to the diary, the mail and back.

import { goAway } from "./compose.js";
import { dayOf, shortDay, timeOf } from "./dates.js";
import * as desk from "./desk.js";
import { el, icon } from "./dom.js";
import { calendarLink, mailLink } from "./route.js";

/** "Out of office until Fri 27 Nov, 17:00", or how it will be, or nothing. */
function awayWords({ on, now, from, until }) {
  if (!on) return "";
  const at = (moment) => (timeOf(moment) === "00:00" ? shortDay(moment) : `${shortDay(moment)}, ${timeOf(moment)}`);
  if (!from) return "Out of office";
  if (now) return `Out of office until ${at(until)}`;
  return dayOf(from) > dayOf(until) ? "" : `Automatic replies ${at(from)} to ${at(until)}`;
}

export function headOf({ mailbox, route, today, hasDesk }) {
  const tab = (name, count, href, here, sign, said) => el("a", { href, "aria-current": here && "page" }, icon(sign), count > 0 ? `${name} (${count})` : name, count > 0 && said && el("span", { class: "unseen" }, ` ${said}`));
  const at = (folder) => route.place === "mail" && route.folder === folder;
  const away = awayWords(mailbox.away);
  return el(
    "div",
    { class: "mailbox-head" },
    el(
      "div",
      { class: "mailbox-who" },
      el("h1", { id: "whose", tabindex: "-1" }, mailbox.name),
      el("p", {}, [mailbox.title, mailbox.mail].filter(Boolean).join(" · ")),
    ),
    el(
      "div",
      { class: "mailbox-acts" },
      el("button", { type: "button", class: away ? "plain is-away" : "plain", id: "away", title: away || "Automatic replies", onclick: () => goAway(mailbox.mail, mailbox, today) }, icon("away"), el("span", { class: "words" }, away || "Out of office…")),
      el(
        "nav",
        { class: "segments", "aria-label": "In this mailbox" },
        tab("Calendar", 0, calendarLink(mailbox.mail, route.view ?? "month", route.day ?? today), route.place === "calendar", "calendar"),
        tab("Inbox", mailbox.unread, mailLink(mailbox.mail, "inbox"), at("inbox"), "mail", "unread"),
        (mailbox.sentitems > 0 || at("sentitems")) && tab("Sent", mailbox.sentitems, mailLink(mailbox.mail, "sentitems"), at("sentitems"), "forward"),
      ),
    ),
    desk.row(mailbox.mail, hasDesk),
  );
}
