/*
 * Messages on their way. One number (client_id) per press of Send: a message is posted again under the same number until
 * the server has answered, so it is neither lost nor written twice. What is not acknowledged survives a reload.
 */
import { post, sentenceIn } from "../lib/http.js";
import { keep, kept } from "../lib/store.js";

const PAUSES = [1, 2, 4, 8];
const queues = new Map();
const key = (conversation) => `outbox:${conversation}`;

/** Everything of a conversation that has not been acknowledged, oldest first. */
export function waiting(conversation) {
  return kept(key(conversation)) ?? [];
}

export function add(entry) {
  keep(key(entry.conversation), [...waiting(entry.conversation), entry]);
}

/** The same message, changed on its way. */
export function change(entry, values) {
  Object.assign(entry, values);
  keep(key(entry.conversation), waiting(entry.conversation).map((other) => (other.clientId === entry.clientId ? entry : other)));
}

export function forget(entry) {
  const rest = waiting(entry.conversation).filter(({ clientId }) => clientId !== entry.clientId);
  keep(key(entry.conversation), rest.length ? rest : null);
}

/**
 * Post until it is answered. Resolves with the fragment, rejects with the reason of a refusal, or "" when nobody answered;
 * with isHeld when somebody else answered meanwhile.
 * Nothing overtakes: what was sent before it goes first, and when that finds nobody this waits to be sent again too.
 */
export function deliver(entry) {
  const { conversation } = entry;
  const mine = (queues.get(conversation) ?? Promise.resolve()).then(() => persist(entry));
  const tail = mine.catch(passRefusal).finally(() => queues.get(conversation) === tail && queues.delete(conversation));
  tail.catch(() => {});
  queues.set(conversation, tail);
  return mine;
}

function passRefusal(error) {
  if (!error.message) throw error;
}

async function persist(entry) {
  for (const pause of [...PAUSES, null]) {
    const answer = await attempt(entry);
    if (answer?.ok) {
      forget(entry);
      return answer.text();
    }
    if (answer && answer.status < 500 && answer.status !== 429) throw refusal(await answer.text());
    if (pause) await new Promise((resolve) => { setTimeout(resolve, pause * 1000); });
  }
  throw new Error("");
}

function attempt({ url, text, files = [], isPrivate, clientId, seen, draft, quoted }) {
  const values = new URLSearchParams({ text, client_id: clientId, ...(isPrivate && { private: "y" }), ...(seen !== undefined && { seen }), ...(draft && { draft }), ...(quoted && { quote: quoted.id }) });
  for (const { id } of files) values.append("attachment_ids", id);
  return post(url, values).catch(() => null);
}

function refusal(html) {
  return Object.assign(new Error(sentenceIn(html)), { isHeld: html.includes("data-held") });
}
