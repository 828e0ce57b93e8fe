// A person's acts on entries, one after the other: done by the server, said in words, taken back on wish.

import * as api from "./api.js";
import { dayOf } from "./dates.js";
import { refuse, tell } from "./notices.js";
import { isSameTime, timesOf, whereWords } from "./times.js";

let queue = Promise.resolve();
let redraw = async () => {};
const known = new Map(); // every entry as it was last read, so that a hurried hand's next step has its version

/** `after({ mark, focus })` draws what is shown anew; the mark is what the server's state has become. */
export function setUp(after) {
  redraw = after;
}

export function know(entries) {
  for (const entry of entries) known.set(entry.id, entry);
}

const newest = (entry) => known.get(entry.id) ?? entry;
export const called = (entry) => (entry.subject ? `“${entry.subject}”` : "The entry without a title");

/** Does a thing after the things before it. A refusal is said here, or left to a form that says it itself. */
function inTurn(work, { inForm = false } = {}) {
  const done = queue.then(async () => {
    try {
      return await work();
    } catch (error) {
      if (error.now) know([error.now]);
      if (inForm) throw error;
      await redraw({});
      refuse(error.message);
      return null;
    }
  });
  queue = done.catch(() => null);
  return done;
}

/** After an act: what is shown is drawn anew with the focus on the entry, and what was done is said. */
async function over({ event, mark }, words, undo = null, { gone = false, focus = true } = {}) {
  if (gone) known.delete(event.id);
  else know([event]);
  await redraw({ mark, focus: focus ? { id: gone ? null : event.id, day: dayOf(event.starts) } : null });
  tell(words, undo);
  return event;
}

async function changed(who, entry, wish, was, words, form = {}) {
  const answer = await api.changeEvent(who, entry, wish);
  const back = () => inTurn(() => changed(who, newest(answer.event), was, null, `${called(entry)} is as it was.`));
  return over(answer, words, was && back, form);
}

async function removed(who, entry, words, form = {}) {
  const answer = await api.removeEvent(who, entry);
  return over(answer, words, null, { ...form, gone: true });
}

/** Moves an entry to where `timesFor` says that it goes from where it stands now. */
export const move = (who, entry, timesFor) =>
  inTurn(async () => {
    const now = newest(entry);
    const times = timesFor(now);
    if (isSameTime(now, times)) return now;
    return changed(who, now, times, timesOf(now), `${called(now)} moved to ${whereWords(times)}.`);
  });

/** A copy of it, all that it carries included. */
export const copy = (who, entry, times, form = {}) =>
  inTurn(async () => {
    const answer = await api.copyEvent(who, entry, times);
    const back = () => inTurn(() => removed(who, newest(answer.event), `The copy of ${called(entry)} is gone again.`));
    return over(answer, `${called(entry)} copied to ${whereWords(times)}.`, back, form);
  }, form);

/** What a form wrote: of an entry as it was shown, so that nobody's newer words are lost. */
export const change = (who, entry, wish, was, words, form = { inForm: true }) =>
  inTurn(() => changed(who, entry, wish, was, words, form), form);

export const remove = (who, entry, form = { inForm: true }) => inTurn(() => removed(who, entry, `${called(entry)} deleted.`, form), form);

export const add = (who, wish, form = { inForm: true }) =>
  inTurn(async () => {
    const answer = await api.addEvent(who, wish);
    const back = () => inTurn(() => removed(who, newest(answer.event), `${called(answer.event)} is gone again.`));
    return over(answer, `${called(answer.event)} added on ${whereWords(answer.event)}.`, back, form);
  }, form);

/** Anything else that changes a mailbox, in its turn. */
export const also = (work, words, form = { inForm: true }) =>
  inTurn(async () => {
    const answer = await work();
    await redraw({ mark: answer.mark });
    if (words) tell(words);
    return answer;
  }, form);
