// Where timed entries stand in a day's column. Most of what a worker sees are short reminders at the same
// minute, so the hours are elastic: an hour grows until its short entries can be read one under the other.

import { minutesOf } from "./dates.js";

const SHORT = 30; // minutes: entries no longer than this are stacked, not scaled
const HOUR = 44; // pixels an empty hour takes at the least
const LEAST = 42; // pixels that a longer entry takes at the least: two lines of words
const MOST_STRETCH = 3;

const startOf = (entry, day) => (entry.starts.slice(0, 10) < day ? 0 : minutesOf(entry.starts));
const endOf = (entry, day) => (entry.ends.slice(0, 10) > day ? 1440 : minutesOf(entry.ends));
const isShort = (entry, day) => endOf(entry, day) - startOf(entry, day) <= SHORT;

/** How minutes become pixels for all days shown together. */
export function scaleOf(days, perDay, lineHeight) {
  let first = 8;
  let last = 18;
  const needed = new Array(24).fill(Math.max(HOUR, lineHeight + 2)); // an hour's entry has all its words
  for (const day of days) {
    const stacked = new Array(24).fill(0);
    const inOrder = [...perDay.get(day)].sort((a, b) => startOf(a, day) - startOf(b, day));
    for (const entry of inOrder) {
      const start = startOf(entry, day);
      const hour = Math.floor(start / 60);
      first = Math.min(first, hour);
      last = Math.max(last, Math.ceil(endOf(entry, day) / 60), hour + 1);
      // What starts later in the hour stands below the reminders stacked before it, as far as that is sensible.
      const past = start - hour * 60;
      if (past > 0) needed[hour] = Math.max(needed[hour], stacked[hour] * lineHeight * Math.min(60 / past, MOST_STRETCH));
      if (isShort(entry, day)) stacked[hour] += 1;
    }
    stacked.forEach((n, hour) => (needed[hour] = Math.max(needed[hour], n * lineHeight + 4)));
  }
  const tops = [];
  let y = 0;
  for (let hour = 0; hour <= 24; hour += 1) {
    tops.push(y);
    if (hour >= first && hour < last) y += needed[hour];
  }
  const toY = (minutes) => {
    const hour = Math.min(Math.floor(minutes / 60), 23);
    return tops[hour] + ((tops[hour + 1] - tops[hour]) * (minutes - hour * 60)) / 60;
  };
  const toMinutes = (at) => {
    const inside = Math.max(0, Math.min(at, y - 1));
    let hour = first;
    while (hour < last - 1 && tops[hour + 1] <= inside) hour += 1;
    return hour * 60 + (60 * (inside - tops[hour])) / (tops[hour + 1] - tops[hour]);
  };
  return { first, last, height: y, toY, toMinutes, lineHeight, tops };
}

/** One day's entries with top, height (pixels), left and width (shares of the column). */
export function placed(day, entries, scale) {
  const inOrder = [...entries].sort((a, b) => startOf(a, day) - startOf(b, day) || endOf(b, day) - endOf(a, day));
  let stackEnds = 0;
  const boxes = inOrder.map((entry) => {
    let top = scale.toY(startOf(entry, day));
    let height = scale.lineHeight;
    if (isShort(entry, day)) {
      top = Math.max(top, stackEnds);
      stackEnds = top + height;
    } else {
      height = Math.max(Math.min(height, LEAST), scale.toY(endOf(entry, day)) - top - 1);
    }
    return { entry, top, height, lane: 0, lanes: 1 };
  });
  boxes.sort((a, b) => a.top - b.top);
  let together = [];
  let ends = -1;
  const settle = () => {
    const lanes = [];
    for (const box of together) {
      const free = lanes.findIndex((end) => end <= box.top + 0.5);
      box.lane = free === -1 ? lanes.length : free;
      lanes[box.lane] = box.top + box.height;
    }
    for (const box of together) box.lanes = lanes.length;
  };
  for (const box of boxes) {
    if (box.top >= ends - 0.5) {
      settle();
      together = [];
    }
    together.push(box);
    ends = Math.max(ends, box.top + box.height);
  }
  settle();
  return boxes;
}
