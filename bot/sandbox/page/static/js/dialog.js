// Dialogs: a head with a colour and a title, whatever stands in them, and a way out that gives the focus back.

import { byId, el, fill, icon } from "./dom.js";

export function head(dialog, title, colour = "none") {
  return el(
    "div",
    { class: "details-head", "data-colour": colour },
    el("h2", { id: `${dialog.id}-title` }, title),
    el("button", { type: "button", class: "bare", "aria-label": "Close", onclick: () => dialog.close() }, icon("close")),
  );
}

/** Opens it if need be; a press outside closes it, and Escape asks `escape` first. */
export function show(dialog, { closed = () => {}, escape = null }, ...content) {
  dialog.onclose = () => {
    fill(dialog);
    closed();
  };
  dialog.onmousedown = (press) => {
    if (press.target === dialog) dialog.close();
  };
  // By the key and not by “cancel”: a browser lets a page refuse that only now and then.
  dialog.onkeydown = (key) => {
    if (key.key === "Escape" && escape?.()) key.preventDefault();
  };
  fill(dialog, ...content);
  if (!dialog.open) dialog.showModal();
}

/** A small dialog for one question, over whatever is open. */
export function sheet(title, content, { closed } = {}) {
  const dialog = byId("sheet");
  show(dialog, { closed }, head(dialog, title), el("div", { class: "details-inner" }, content));
  dialog.querySelector("input, select, textarea, .main-act")?.focus();
  return () => dialog.close();
}
