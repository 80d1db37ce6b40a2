/**
 * One conversation as the record has it. A push is only a hint: it is applied when it is the next change, and otherwise everything since the last known change is
 * fetched. So it does not matter what was missed, doubled or came out of order.
 */
export class Conversation extends EventTarget {
  #byId = new Map();
  #syncing = null;
  #again = false;
  epoch = null;
  last = 0;
  hasOlder = false;
  status = null;
  ahead = 0; // how many have waited longer for an answer

  /** @param fetchPage (id, {since, before}) → the answer of GET /widget/messages */
  constructor(id, fetchPage) {
    super();
    this.id = id;
    this.fetchPage = fetchPage;
  }

  get messages() {
    return [...this.#byId.values()].sort((a, b) => a.seq - b.seq);
  }

  /** A message, or a newer state of one, from the socket or from an acknowledgement. */
  async receive(message) {
    const revision = message.revision ?? message.seq;
    if (revision > this.last + 1) return this.sync();
    this.#apply([message]);
    if (message.author.type !== 'visitor') this.ahead = 0;
    this.last = Math.max(this.last, revision);
    return this.#changed();
  }

  /** The server's newest change is `seq`: fetch if we are behind. */
  notice(seq) {
    return seq > this.last ? this.sync() : null;
  }

  /** Everything since the last known change; calls during a fetch share one more fetch after it. */
  sync() {
    this.#again = Boolean(this.#syncing);
    this.#syncing ??= this.#run().finally(() => { this.#syncing = null; });
    return this.#syncing;
  }

  async #run() {
    do {
      this.#again = false;
      let answer;
      do {
        answer = await this.fetchPage(this.id, this.last ? { since: this.last } : {});
        this.take(answer);
      } while (answer.more);
    } while (this.#again);
  }

  /** The answer of a fetch, also of a long poll. */
  take(answer) {
    if (this.epoch && answer.epoch !== this.epoch) return this.#beginAgain();
    if (!this.last) this.hasOlder = Boolean(answer.has_older);
    this.epoch = answer.epoch;
    if (answer.seq >= this.last) this.status = answer.status;
    this.ahead = answer.ahead;
    this.#apply(answer.messages);
    this.last = Math.max(this.last, answer.seq);
    return this.#changed();
  }

  async older() {
    const answer = await this.fetchPage(this.id, { before: this.messages[0]?.seq });
    this.hasOlder = Boolean(answer.has_older);
    this.#apply(answer.messages, { isOlder: true });
    this.#changed();
  }

  /** The team has read up to here. */
  seen(seq) {
    for (const message of this.#byId.values()) if (message.author.type === 'visitor' && message.seq <= seq) message.state = 'read';
    this.#changed();
  }

  /** After a restore from a backup the numbers mean something else. */
  #beginAgain() {
    this.#byId.clear();
    this.last = 0;
    this.epoch = null;
    return this.sync();
  }

  /** A change to what lies before the page that is shown waits for that page. An older copy never wins. */
  #apply(messages, { isOlder = !this.hasOlder } = {}) {
    const first = isOlder ? 0 : this.messages[0]?.seq ?? 0;
    for (const message of messages) {
      const known = this.#byId.get(message.id);
      if (known ? isNewer(message, known) : message.seq >= first) this.#byId.set(message.id, known?.state === 'read' ? { ...message, state: 'read' } : message);
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** By its revision. The record's own copy is better than what was only known from the acknowledgement. */
const isNewer = (message, known) => {
  const [mine, theirs] = [message, known].map(({ revision, seq }) => revision ?? seq);
  return mine === theirs ? Boolean(message.html) || !known.html : mine > theirs;
};
