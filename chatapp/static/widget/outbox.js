/**
 * What the visitor has sent and the server has not yet acknowledged. One at a time and in order, the same client_id until it is acknowledged or refused for good,
 * so a message can be neither lost nor doubled. Survives a reload where the browser lets us keep it.
 */
import { forgets, passing } from './keep.js';
import { siteKey } from './page.js';
import { Nap, patience } from './patience.js';

const NAME = `chatapp:outbox:${siteKey}`;

export class Outbox extends EventTarget {
  #entries = forgets ? [] : passing.get(NAME) || [];
  #nap = new Nap();
  #busy = false;

  /** @param post sends one entry and returns the acknowledgement. @param settle takes both and resolves when the message is shown from the record. */
  constructor({ post, settle }) {
    super();
    if (forgets) passing.set(NAME, []);
    this.post = post;
    this.settle = settle;
  }

  of(conversationId) {
    return this.#entries.filter((entry) => entry.conversation_id === conversationId);
  }

  /** @param where {conversation_id, begins, email}, as the server wants them */
  add(text, files, where) {
    this.#entries.push({ client_id: uuid(), text, files, ...where, created_at: new Date().toISOString(), failed: null });
    this.#changed();
    this.work();
  }

  retry(clientId) {
    const entry = this.#entries.find((each) => each.client_id === clientId);
    if (!entry?.failed) return;
    if (entry.failed.status === 409) entry.client_id = uuid();
    entry.failed = null;
    this.#changed();
    this.work();
  }

  wake() {
    this.#nap.wake();
  }

  async work() {
    if (this.#busy) return;
    this.#busy = true;
    for (let attempt = 0, entry; (entry = this.#entries.find((each) => !each.failed));) {
      try {
        await this.#deliver(entry);
        attempt = 0;
      } catch (problem) {
        if (problem.passes) await this.#nap.for(problem.retryAfter * 1000 || patience(attempt++));
        else this.#fail(entry, problem);
      }
    }
    this.#busy = false;
  }

  async #deliver(entry) {
    const ack = await this.post(entry);
    // The first message made the conversation: the ones that wait behind it belong there too.
    for (const each of this.#entries) if (each !== entry && each.conversation_id === entry.conversation_id) each.conversation_id = ack.conversation_id;
    await this.settle(entry, ack);
    this.#entries = this.#entries.filter((each) => each !== entry);
    this.#changed();
  }

  #fail(entry, problem) {
    entry.failed = { status: problem.status ?? -1, detail: problem.message };
    this.#changed();
  }

  #changed() {
    passing.set(NAME, this.#entries);
    this.dispatchEvent(new Event('change'));
  }
}

/** crypto.randomUUID is missing on plain http pages. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
