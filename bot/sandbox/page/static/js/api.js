// The only place that speaks to the server. An answer is a value or an Error whose message can be shown.

async function answered(response) {
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  throw new Error(body?.error ?? `The stand-in answered ${response.status} without saying why.`);
}

async function reached(path, options) {
  try {
    return await fetch(`api/${path}`, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Error("The stand-in did not answer. Is the command that started this page still running?");
  }
}

const read = async (path) => answered(await reached(path));

const send = async (path, body) =>
  answered(
    await reached(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
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
export const goForward = (to) => send("runs", { to });
