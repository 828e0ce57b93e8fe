// The mailbox picker: workers, managers and others, with how much is in each.

import * as api from "./api.js";
import { byId, el, fill, icon, trouble } from "./dom.js";

const GROUPS = [["workers", "Workers"], ["managers", "Managers"], ["others", "Others"]];
const SEARCH_FROM = 15; // with fewer people the list is quicker than a search

let known = { people: [], found: 0, all: 0 };
let words = "";
let linkOf = () => "#/";
let current = "";

export const first = () => {
  const busiest = (group) => known.people.filter((one) => one.group === group).sort((a, b) => b.entries - a.entries)[0];
  return (busiest("workers") ?? busiest("managers") ?? known.people[0])?.mail ?? "";
};

export async function load(linkTo) {
  linkOf = linkTo;
  const list = byId("people");
  try {
    known = await api.people(words);
  } catch (error) {
    fill(list, trouble("The mailboxes could not be read", error.message));
    return;
  }
  if (!byId("people-list")) build(list);
  show();
}

/** Marks whose mailbox is open, and keeps the links pointing at what is being looked at. */
export function mark(who) {
  current = who;
  show();
}

export const groupOf = (mail) => known.people.find((one) => one.mail.toLowerCase() === mail.toLowerCase())?.group;

export const close = () => toggled(false);

function toggled(open) {
  byId("people").classList.toggle("open", open);
  byId("people-toggle")?.setAttribute("aria-expanded", String(open));
}

function build(list) {
  const toggle = el(
    "button",
    {
      type: "button", class: "plain people-toggle", id: "people-toggle", "aria-expanded": "false",
      "aria-controls": "people-list", onclick: () => toggled(!list.classList.contains("open")),
    },
    el("span", { id: "people-toggle-words" }, el("strong", {}, "Choose a mailbox")),
    icon("down"),
  );
  const search = el("input", { type: "search", id: "find", autocomplete: "off", spellcheck: "false" });
  let pause = 0;
  search.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      words = search.value;
      load(linkOf);
    }, 150);
  });
  const find = known.all > SEARCH_FROM && el("div", { class: "find" }, el("label", { for: "find" }, "Find a mailbox"), search);
  fill(list, toggle, el("div", { class: "people-list", id: "people-list" }, find, el("div", { id: "people-groups" })));
}

function show() {
  const groups = byId("people-groups");
  if (!groups) return;
  const held = document.activeElement?.closest?.(".person")?.dataset.mail;
  fill(
    groups,
    GROUPS.map(([group, title]) => {
      const here = known.people.filter((one) => one.group === group);
      return here.length > 0 && [el("h2", { id: `group-${group}` }, `${title} (${here.length})`), el("ul", { "aria-labelledby": `group-${group}` }, here.map(row))];
    }),
    known.found > known.people.length && el("p", { class: "empty" }, `${known.people.length} of ${known.found} shown. Type part of a name to find the others.`),
    known.found === 0 && el("p", { class: "empty" }, words ? `Nobody here is called “${words}”.` : "Nobody has a mailbox here yet."),
  );
  const open = known.people.find((one) => one.mail.toLowerCase() === current.toLowerCase());
  fill(byId("people-toggle-words"), el("strong", {}, open ? `Mailbox: ${open.name}` : "Choose a mailbox"), open && el("small", {}, open.mail));
  if (held) groups.querySelector(`[data-mail="${CSS.escape(held)}"]`)?.focus();
}

const initials = (name) => name.split(/\s+/).map((part) => [...part][0] ?? "").filter((c) => /\p{L}/u.test(c)).slice(0, 2).join("").toUpperCase() || "?";
const counted = (n, one, many) => `${n} ${n === 1 ? one : many}`;

function row(person) {
  const isOpen = person.mail.toLowerCase() === current.toLowerCase();
  const inMail = person.inbox || person.sentitems;
  const said = `${counted(person.entries, "diary entry", "diary entries")}, ${counted(person.inbox, "mail", "mails")} received, ${counted(person.sentitems, "mail", "mails")} sent`;
  return el(
    "li",
    {},
    el(
      "a",
      { class: "person", href: linkOf(person), "aria-current": isOpen && "page", "data-mail": person.mail, onclick: close },
      el("span", { class: "person-face", "aria-hidden": "true" }, initials(person.name)),
      el("span", {}, el("span", { class: "person-name" }, person.name), el("span", { class: "person-role" }, person.title || person.mail)),
      el(
        "span",
        { class: "counts", title: said },
        person.entries > 0 && el("span", { "aria-hidden": "true" }, icon("calendar"), person.entries),
        inMail > 0 && el("span", { "aria-hidden": "true" }, icon("mail"), inMail),
        el("span", { class: "unseen" }, said),
      ),
    ),
  );
}
