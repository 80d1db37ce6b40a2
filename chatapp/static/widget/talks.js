/** What is known of each of the visitor's conversations without opening it: who, what last, how much unread. */

export class Talks extends EventTarget {
  #byId = new Map();

  /** What init answered is the record; whatever was noted before gives way. */
  replace(talks) {
    this.#byId = new Map(talks.map((talk) => [talk.id, talk]));
    this.#changed();
  }

  /** Something happened in a conversation: merge what is known of it. */
  note(id, changes) {
    const before = this.#byId.get(id) ?? { id, status: 'open', unread: 0, rating: null, preview: '' };
    this.#byId.set(id, { ...before, ...changes });
    this.#changed();
  }

  /** It is part of another one now. */
  drop(id) {
    if (this.#byId.delete(id)) this.#changed();
  }

  get(id) {
    return this.#byId.get(id);
  }

  get inOrder() {
    return [...this.#byId.values()].sort((a, b) => (a.last_message_at < b.last_message_at ? 1 : -1));
  }

  /** The conversation that is meant when none is named. */
  get latestOpen() {
    return this.inOrder.find((talk) => talk.status !== 'closed');
  }

  get unread() {
    return this.inOrder.reduce((sum, talk) => sum + talk.unread, 0);
  }

  get isEmpty() {
    return this.#byId.size === 0;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
