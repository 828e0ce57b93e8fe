// A body that somebody else wrote, in a frame that can run nothing. The frame grows to what it holds.

import { el } from "./dom.js";

export function frame(source, title) {
  const made = el("iframe", {
    src: source, title, sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox", referrerpolicy: "no-referrer",
  });
  const fit = () => {
    const root = made.contentDocument?.documentElement;
    if (!root) return;
    made.style.height = "0";
    made.style.height = `${root.scrollHeight + (root.scrollWidth > root.clientWidth ? 18 : 0)}px`;
  };
  made.addEventListener("load", () => {
    fit();
    let width = made.clientWidth;
    new ResizeObserver(() => {
      if (made.clientWidth === width) return;
      width = made.clientWidth;
      fit();
    }).observe(made);
  });
  return made;
}
