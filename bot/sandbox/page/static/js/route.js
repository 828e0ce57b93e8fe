// The address says what is shown: #/mailbox/month/2026-11-23, …/entry/ID, #/mailbox/mail/inbox/ID.

import { isDay } from "./dates.js";

export const VIEWS = ["month", "week", "day"];
export const FOLDERS = ["inbox", "sentitems"];

const written = (parts) => `#/${parts.map((part) => encodeURIComponent(part).replaceAll("%40", "@")).join("/")}`;

export const calendarLink = (who, view, day, entry) => written([who, view, day, ...(entry ? ["entry", entry] : [])]);
export const mailLink = (who, folder, id) => written([who, "mail", folder, ...(id ? [id] : [])]);

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What an address asks for; whatever cannot be read falls back to the month of today. */
export function read(hash, today) {
  const [who = "", view = "month", ...rest] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  if (view === "mail") {
    const folder = FOLDERS.includes(rest[0]) ? rest[0] : "inbox";
    return { who, place: "mail", folder, id: rest.slice(1).join("/") || null };
  }
  const day = isDay(rest[0]) ? rest[0] : today;
  const entry = rest[1] === "entry" ? rest.slice(2).join("/") || null : null;
  return { who, place: "calendar", view: VIEWS.includes(view) ? view : "month", day, entry };
}

export function go(hash) {
  window.location.hash = hash;
}

/** Changes the address without a new step in the browser's history. */
export function settle(hash) {
  window.history.replaceState(null, "", hash);
}
