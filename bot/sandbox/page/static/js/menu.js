// A button that opens a list of acts below it: Escape, a press elsewhere and a choice close it again.

/** `list` is shown while the button says that it is expanded; the focus comes back to the button. */
export function disclosure(button, list) {
  const isOpen = () => button.getAttribute("aria-expanded") === "true";
  const elsewhere = (event) => {
    if (!button.contains(event.target) && !list.contains(event.target)) open(false);
  };
  const open = (yes) => {
    button.setAttribute("aria-expanded", String(yes));
    list.classList.toggle("is-open", yes);
    for (const kind of ["pointerdown", "focusin"]) document[yes ? "addEventListener" : "removeEventListener"](kind, elsewhere);
  };
  const escape = (key) => {
    if (key.key !== "Escape" || !isOpen()) return;
    key.stopPropagation();
    open(false);
    button.focus();
  };
  button.setAttribute("aria-controls", list.id);
  open(false);
  button.addEventListener("click", () => {
    open(!isOpen());
    if (isOpen()) list.querySelector("button, a")?.focus();
  });
  // Before the act itself, so that whatever it opens gives the focus back to what can still be seen.
  list.addEventListener("click", () => {
    if (!isOpen()) return;
    open(false);
    button.focus();
  }, { capture: true });
  for (const one of [button, list]) one.addEventListener("keydown", escape);
}
