/** The visitor's side of everything, without a screen: session, outbox and wire joined to the record of each conversation. */
import { Conversation } from './conversation.js';
import { Live } from './live.js';
import { Outbox } from './outbox.js';
import { plain } from './page.js';
import { Nap, patience } from './patience.js';
import { Session } from './session.js';
import { Talks } from './talks.js';

export class Chat extends EventTarget {
  session = new Session();
  talks = new Talks();
  current = null; // the conversation on the screen; null while its first message is on its way
  #begins = false; // that message is to begin another conversation, whichever are open
  project = null;
  #conversations = new Map();
  #nap = new Nap();

  /** @param isReading () → whether the visitor sees the thread now. @param onNews (conversation, message) for each answer. @param onTyping (author or null). @param onStart (conversation) when the visitor's first message has begun it. */
  constructor({ isReading, onNews, onTyping, onStart }) {
    super();
    Object.assign(this, { isReading, onNews, onTyping, onStart });
    this.outbox = new Outbox({ post: (entry) => this.#post(entry), settle: (entry, ack) => this.#settle(entry, ack) });
    this.live = new Live({
      session: this.session,
      cursor: () => this.watched,
      onFrame: (frame) => this.#frames[frame.type]?.(frame),
      poll: async (conversation, signal) => conversation.take(
        await this.#page(conversation.id, { since: conversation.last, wait: 25 }, { signal, timeout: 40_000 })),
    });
    this.outbox.addEventListener('change', () => this.#changed());
    this.live.addEventListener('change', () => { if (this.live.state === 'live') this.refresh(); this.#changed(); });
  }

  /** Opens the session and keeps trying; throws only what trying again will not mend. `onTrouble(problem)` hears of the rest. */
  async open(page, onTrouble) {
    this.session.page = page;
    for (let attempt = 0; ; attempt++) {
      try {
        return this.#opened(await this.session.open());
      } catch (problem) {
        onTrouble(problem);
        if (!problem.passes) throw problem;
        await this.#nap.for(problem.retryAfter * 1000 || patience(attempt));
      }
    }
  }

  #opened(answer) {
    this.project = answer.project;
    this.email = answer.email;
    this.talks.replace(answer.conversations);
    if (!this.talks.isEmpty) this.live.start();
    this.outbox.work();
    return answer;
  }

  conversation(id) {
    if (!this.#conversations.has(id)) {
      const conversation = new Conversation(id, (...query) => this.#page(...query));
      conversation.addEventListener('change', () => this.#recorded(conversation));
      conversation.heard = this.talks.get(id)?.seq ?? 0;
      this.#conversations.set(id, conversation);
    }
    return this.#conversations.get(id);
  }

  /** The conversation that is meant when none is named, or null if it is to begin. */
  get latest() {
    return this.talks.latestOpen ? this.conversation(this.talks.latestOpen.id) : null;
  }

  /** The conversation whose progress the wire reports: the one on the screen, else the latest. */
  get watched() {
    return this.current ?? this.latest;
  }

  /** What is on its way in the conversation on the screen. */
  get waiting() {
    return this.outbox.of(this.current?.id ?? null);
  }

  show(conversation, { begins = false } = {}) {
    this.current = conversation;
    this.#begins = begins;
    this.live.start();
    this.#changed();
    if (!conversation) return;
    this.#sync(conversation);
    this.live.wake();
  }

  /** @param email where to answer, if the visitor has said it now */
  send(text, files, email) {
    this.email ||= email;
    this.outbox.add(text, files, { conversation_id: this.current?.id ?? null, begins: this.#begins, email });
    this.live.start();
  }

  /** Nothing is lost if nobody hears it. */
  type() {
    if (!this.watched || this.live.send({ type: 'typing', conversation_id: this.watched.id })) return;
    quietly(this.#tell(this.watched.id, 'typing', {}));
  }

  async rate(rating, comment) {
    const { id } = this.current;
    await this.#tell(id, 'rating', { rating, comment });
    this.talks.note(id, { rating, rating_comment: comment });
    this.#changed();
  }

  /** The visitor has no more to say. */
  async end() {
    const { id } = this.current;
    await this.#tell(id, 'close', {});
    this.#stands(id, 'closed');
  }

  mailTranscript(email) {
    return this.#tell(this.current.id, 'transcript', { email });
  }

  /** What the visitor has seen is told to the team, and no longer counted. */
  read() {
    const newest = this.current?.messages.findLast((message) => message.author.type !== 'visitor');
    if (!newest || !this.isReading() || newest.seq <= (this.talks.get(this.current.id)?.read ?? 0)) return;
    this.talks.note(this.current.id, { unread: 0, read: newest.seq });
    quietly(this.#tell(this.current.id, 'read', { seq: newest.seq }));
  }

  /** Back from sleep, from a tunnel or from another tab: catch up at once. */
  refresh() {
    this.outbox.wake();
    this.live.wake();
    this.#nap.wake();
    if (this.watched) this.#sync(this.watched);
  }

  #frames = {
    message: (frame) => quietly(this.conversation(frame.conversation_id).receive(frame)),
    'message.updated': (frame) => quietly(this.conversation(frame.conversation_id).receive(frame)),
    typing: (frame) => { if (frame.conversation_id === this.current?.id) this.onTyping(frame.active === false ? null : frame.author); },
    read: (frame) => this.conversation(frame.conversation_id).seen(frame.seq),
    conversation: (frame) => this.#stands(frame.conversation_id, frame.status),
    heartbeat: (frame) => {
      const conversation = frame.conversation_id ? this.conversation(frame.conversation_id) : this.watched;
      if (frame.seq) quietly(conversation?.ahead ? conversation.sync() : conversation?.notice(frame.seq));
    },
    resync: () => this.refresh(),
  };

  /** Once it is open again, what was thought of its end is over. */
  #stands(id, status) {
    this.conversation(id).status = status;
    this.talks.note(id, { status, ...(status === 'open' && { rating: null }) });
    this.#changed();
  }

  /** Whichever way it came, the record is what counts: what is new, what is unread, who speaks. */
  #recorded(conversation) {
    const said = conversation.messages.filter((message) => !message.deleted_at);
    const last = said.at(-1);
    const answers = said.filter((message) => message.author.type !== 'visitor');
    const read = this.talks.get(conversation.id)?.read ?? 0;
    this.talks.note(conversation.id, {
      unread: answers.filter((message) => message.seq > read).length,
      ...(last ? { preview: (last.html ? plain(last.html) : last.text) || `📎 ${last.attachments?.[0]?.name}`, last_message_at: last.created_at } : { preview: '' }),
      ...(answers.length && { agent: answers.at(-1).author }),
      ...(conversation.status && { status: conversation.status, ...(conversation.status === 'open' && { rating: null }) }),
    });
    for (const message of answers.filter(({ seq }) => seq > conversation.heard)) this.onNews(conversation, message);
    conversation.heard = Math.max(conversation.heard, conversation.last);
    this.read();
    this.#changed();
  }

  /** Where the team has taken a conversation away, what is said begins another. */
  async #post(entry) {
    try {
      return await this.#write(entry);
    } catch (problem) {
      if (problem.status !== 404 || !entry.conversation_id) throw problem;
      const ack = await this.#write({ ...entry, conversation_id: null });
      this.#follow(entry.conversation_id, ack.conversation_id);
      return ack;
    }
  }

  #write({ client_id, text, files = [], conversation_id, begins, email }) {
    const attachment_ids = files.map(({ id }) => id);
    return this.session.call('POST', '/widget/messages', {
      body: { client_id, text, ...(email && { email }), ...(files.length && { attachment_ids }), ...(conversation_id ? { conversation_id } : begins && { begin: true }) },
    });
  }

  /** An acknowledged message is shown as the record has it; it also opens a closed conversation again. */
  async #settle(entry, ack) {
    const conversation = this.conversation(ack.conversation_id);
    conversation.status = 'open';
    if (!this.current && !entry.conversation_id) this.show(conversation);
    await conversation.receive({
      ...ack, client_id: entry.client_id, revision: ack.seq, text: entry.text, attachments: entry.files, state: 'sent', author: { type: 'visitor' },
    });
    if (ack.seq === 1) this.onStart(conversation);
  }

  /** A conversation that was merged into another is answered with that one: what is shown goes on there. */
  async #page(id, query, options) {
    const answer = await this.session.call('GET', `/widget/messages?${new URLSearchParams({ conversation_id: id, ...query })}`, options);
    if (answer.conversation_id && answer.conversation_id !== id) throw this.#follow(id, answer.conversation_id);
    return answer;
  }

  #follow(id, other) {
    this.talks.drop(id);
    if (this.current?.id === id) this.show(this.conversation(other));
    return new Error(`${id} goes on in ${other}`);
  }

  #tell(id, what, body) {
    return this.session.call('POST', `/widget/conversations/${id}/${what}`, { body });
  }

  /** A fetch that fails is made good by the next heartbeat or return. */
  #sync(conversation) {
    quietly(conversation.sync().then(() => this.read()));
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

const quietly = (promise) => promise?.catch(() => {});
