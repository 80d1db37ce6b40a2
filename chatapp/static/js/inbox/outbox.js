/*
 * Messages on their way. One number (client_id) per press of Send: a message is posted again under the same number until
 * the server has answered, so it is neither lost nor written twice. What is not acknowledged survives a reload.
 */
import { post } from "../lib/http.js";
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

export function forget(entry) {
  const rest = waiting(entry.conversation).filter(({ clientId }) => clientId !== entry.clientId);
  keep(key(entry.conversation), rest.length ? rest : null);
}

/**
 * Post until it is answered. Resolves with the fragment, rejects with the reason of a refusal, or "" when nobody answered.
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
    if (answer && answer.status < 500 && answer.status !== 429) throw new Error(sentenceIn(await answer.text()));
    if (pause) await new Promise((resolve) => { setTimeout(resolve, pause * 1000); });
  }
  throw new Error("");
}

function attempt({ url, text, isPrivate, clientId }) {
  const values = { text, client_id: clientId, ...(isPrivate && { private: "y" }) };
  return post(url, values).catch(() => null);
}

function sentenceIn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("[data-error], .problem__text")?.textContent.trim() ?? "";
}
