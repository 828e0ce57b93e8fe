// Elements are made here and only here: text goes in as text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  calendar: ["M3.5 6.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2z", "M3.5 8.5h13", "M7 3v3M13 3v3"],
  mail: ["M3 6a1.5 1.5 0 0 1 1.5-1.5h11A1.5 1.5 0 0 1 17 6v8a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14z", "m3.5 6 6.5 5 6.5-5"],
  left: ["m12 5-5 5 5 5"],
  right: ["m8 5 5 5-5 5"],
  down: ["m5 8 5 5 5-5"],
  close: ["m5.5 5.5 9 9M14.5 5.5l-9 9"],
  lock: ["M5.5 9.5h9v6h-9z", "M7.3 9.5V7a2.7 2.7 0 0 1 5.4 0v2.5"],
  bell: ["M10 3.5a4.3 4.3 0 0 0-4.3 4.3c0 4-1.7 5.2-1.7 5.2h12s-1.7-1.2-1.7-5.2A4.3 4.3 0 0 0 10 3.5z", "M8.5 15.5a1.6 1.6 0 0 0 3 0"],
  tick: ["m4.5 10.5 3.7 3.7 7.3-8"],
  clock: ["M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z", "M10 6v4.200l2.8 1.8"],
  tag: ["M4 4.500h6l6.5 6.5-5.5 5.500L4.5 10z", "M7.5 7.600v.01"],
  people: ["M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6z", "M4.5 16.500c.5-3 2.6-4.5 5.5-4.500s5 1.5 5.5 4.5"],
  forward: ["m5 5 5 5-5 5", "m10.5 5 5 5-5 5"],
};

function add(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** el("button", {class: "plain", onclick: f, "aria-pressed": "true"}, "words", icon("left")) */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "vars") for (const [v, x] of Object.entries(value)) made.style.setProperty(v, x);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  add(made, children);
  return made;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const looks = {
    class: `icon icon-${name}`, viewBox: "0 0 20 20", fill: "none", stroke: "currentColor", "stroke-width": "1.6",
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false",
  };
  for (const [key, value] of Object.entries(looks)) svg.setAttribute(key, value);
  for (const line of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

export function fill(place, ...children) {
  place.replaceChildren();
  add(place, children);
}

/** Tells a screen reader what just happened; nothing is shown. */
export function say(words) {
  document.getElementById("said").textContent = words;
}

/** An error in words, where the reader is looking. */
export function trouble(title, words) {
  return el("div", { class: "trouble", role: "alert" }, el("p", {}, el("strong", {}, title)), el("p", {}, words));
}

export const byId = (id) => document.getElementById(id);
