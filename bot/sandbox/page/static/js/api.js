// The only place that speaks to the server. An answer is a value or an Error whose message can be shown.

/** What went wrong, in words; `fields` says it of each field of a form, `now` is what an entry has become. */
class Refused extends Error {
  constructor(status, body) {
    super(body?.error ?? `The stand-in answered ${status} without saying why.`);
    this.status = status;
    this.fields = body?.fields ?? {};
    this.now = body?.now ?? null;
  }
}

async function answered(response) {
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  throw new Refused(response.status, body);
}

async function reached(path, options) {
  try {
    return await fetch(`api/${path}`, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Error("The stand-in did not answer. Is the command that started this page still running?");
  }
}

const read = async (path) => answered(await reached(path));

/** Changes something; `etag` says which version of an entry was seen. */
export const send = async (path, body, { method = "POST", etag = null } = {}) =>
  answered(
    await reached(path, {
      method,
      headers: { "Content-Type": "application/json", ...(etag && { "If-Match": etag }) },
      body: body === null ? undefined : JSON.stringify(body),
    }),
  );

const box = (mailbox) => `mailboxes/${encodeURIComponent(mailbox)}`;
const item = (id) => encodeURIComponent(id);

export const state = () => read("state");
export const people = (words) => read(`people?find=${encodeURIComponent(words)}`);
export const mailbox = (who) => read(box(who));
export const events = (who, from, to) => read(`${box(who)}/events?from=${from}&to=${to}`);
export const event = (who, id) => read(`${box(who)}/events/${item(id)}`);
export const eventBody = (who, id) => `api/${box(who)}/events/${item(id)}/body`;
export const messages = (who, folder) => read(`${box(who)}/messages?folder=${folder}`);
export const message = (who, id) => read(`${box(who)}/messages/${item(id)}`);
export const messageBody = (who, id) => `api/${box(who)}/messages/${item(id)}/body`;
export const runs = () => read("runs");

export const addEvent = (who, wish) => send(`${box(who)}/events`, wish);
export const changeEvent = (who, { id, etag }, wish) => send(`${box(who)}/events/${item(id)}`, wish, { method: "PATCH", etag });
export const removeEvent = (who, { id, etag }) => send(`${box(who)}/events/${item(id)}`, null, { method: "DELETE", etag });
export const copyEvent = (who, { id }, times) => send(`${box(who)}/events/${item(id)}/copy`, times);
export const setAway = (who, wish) => send(`${box(who)}/away`, wish, { method: "PATCH" });
export const markRead = (who, id, isRead) => send(`${box(who)}/messages/${item(id)}`, { read: isRead }, { method: "PATCH" });
export const attachment = (who, id, file) => `api/${box(who)}/messages/${item(id)}/attachments/${item(file)}`;

export const progress = () => read("runs/progress");
export const runUntil = (to, how) => send("runs", { to, how });
export const stopRuns = () => send("runs/stop", {});

export const desk = (who) => read(`${box(who)}/desk`);
export const meaning = (who, id) => read(`${box(who)}/desk/about/${item(id)}`);
export const atDesk = (who, act, said) => send(`${box(who)}/desk/${act}`, said);

export const faults = () => read("faults");
export const orderFault = (fault) => send("faults", fault);
export const clearFaults = (id = null) => send("faults/clear", id === null ? {} : { id });
export const setGone = (who, gone) => send(`${box(who)}/gone`, { gone });
