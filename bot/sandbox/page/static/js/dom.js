// Elements are made here and only here: text goes in as text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  calendar: ["M3.5 6.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2z", "M3.5 8.5h13", "M7 3v3M13 3v3"],
  mail: ["M3 6a1.5 1.5 0 0 1 1.5-1.5h11A1.5 1.5 0 0 1 17 6v8a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14z", "m3.5 6 6.5 5 6.5-5"],
  left: ["m12 5-5 5 5 5"],
  right: ["m8 5 5 5-5 5"],
  log: ["M4.500 3.500h11v13h-11z", "M7.500 7.200h5M7.500 10h5M7.500 12.800h3"],
  down: ["m5 8 5 5 5-5"],
  close: ["m5.5 5.5 9 9M14.5 5.5l-9 9"],
  lock: ["M5.5 9.5h9v6h-9z", "M7.3 9.5V7a2.7 2.7 0 0 1 5.4 0v2.5"],
  bell: ["M10 3.5a4.3 4.3 0 0 0-4.3 4.3c0 4-1.7 5.2-1.7 5.2h12s-1.7-1.2-1.7-5.2A4.3 4.3 0 0 0 10 3.5z", "M8.5 15.5a1.6 1.6 0 0 0 3 0"],
  tick: ["m4.5 10.5 3.7 3.7 7.3-8"],
  clock: ["M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z", "M10 6v4.200l2.8 1.8"],
  tag: ["M4 4.500h6l6.5 6.5-5.5 5.500L4.5 10z", "M7.5 7.600v.01"],
  people: ["M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6z", "M4.5 16.500c.5-3 2.6-4.5 5.5-4.500s5 1.5 5.5 4.5"],
  plus: ["M10 4.500v11M4.500 10h11"],
  pencil: ["m4 16 .8-3.300 8.400-8.400a1.500 1.500 0 0 1 2.100 0l.4.4a1.500 1.500 0 0 1 0 2.100l-8.400 8.400z", "m12 5.500 2.500 2.500"],
  move: ["M4 6.500a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z", "M7 10h6M10.700 7.500 13.200 10l-2.500 2.500"],
  copy: ["M7.500 7.500h8v8h-8z", "M12.500 5v-.5h-8v8H5"],
  trash: ["M4.500 6h11M8 6V4.500h4V6M6 6l.7 9.500h6.600L14 6", "M8.700 8.800v4M11.300 8.800v4"],
  away: ["M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z", "M6.500 10h7"],
  repeat: ["M4.500 9a5.500 5.500 0 0 1 10-2.500M15.500 11a5.500 5.500 0 0 1-10 2.500", "M14.800 3.500v3.200h-3.200M5.200 16.500v-3.200h3.200"],
  clip: ["m14.500 9.500-4.700 4.700a2.700 2.700 0 0 1-3.800-3.800l5.200-5.200a1.800 1.800 0 0 1 2.500 2.500L8.600 12.800"],
  keys: ["M4 5h12a1.500 1.500 0 0 1 1.500 1.500v7A1.500 1.500 0 0 1 16 15H4a1.500 1.500 0 0 1-1.500-1.500v-7A1.500 1.500 0 0 1 4 5z", "M5.800 8.300h.01M8.600 8.300h.01M11.400 8.300h.01M14.200 8.300h.01M6.500 11.800h7"],
  place: ["M10 17s5-4.700 5-8.500a5 5 0 0 0-10 0C5 12.300 10 17 10 17z", "M10 6.800a1.700 1.700 0 1 0 0 3.400 1.700 1.700 0 0 0 0-3.400z"],
  play: ["M6.500 4.500v11l9-5.500z"],
  stop: ["M6 6h8v8H6z"],
  bolt: ["M11 3 5 11.500h4.500L9 17l6-8.500h-4.500z"],
  alert: ["M10 3.500 17.200 16H2.800z", "M10 8.200v3.600M10 13.900v.01"],
  hand: ["M6.500 10V5.800a1.200 1.200 0 0 1 2.400 0V9.500M8.900 9V4.600a1.200 1.200 0 0 1 2.400 0V9M11.300 9.200V5.800a1.200 1.200 0 0 1 2.400 0v5.700c0 3-1.600 5-4 5-2 0-2.900-.8-4.200-3l-1.800-3a1.200 1.200 0 0 1 2-1.200l.8 1.200"],
  pulse: ["M3 10h3.500l2-5 3 10 2-5H17"],
  dot: ["M10 9a1 1 0 1 0 0 2 1 1 0 0 0 0-2z"],
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
