/** The first screen: a way in, and the conversations there have been. */
import { find, moment, sentence, showAvatar, span, stamp } from './page.js';

const screen = find('#home');
const notice = find('#notice');

export class Home {
  #talks = new Map();

  /** What init answered. */
  show({ project, conversations, online, reply_time: seconds }) {
    this.#talks = new Map(conversations.map((talk) => [talk.id, talk]));
    const replies = find('#replies');
    this.status = seconds ? sentence('replies', { when: span(seconds) }) : sentence('away');
    replies.dataset.online = online;
    replies.querySelector('[data-part=text]').textContent = this.status;
    replies.hidden = false;
    this.projectName = project.name;
    this.#draw();
  }

  set hidden(hidden) {
    screen.hidden = hidden;
    this.#draw();
  }

  get isEmpty() {
    return this.#talks.size === 0;
  }

  /** The conversation that is spoken of when none is named: the latest one that is open. */
  get latestOpen() {
    return this.#inOrder().find((talk) => talk.status !== 'closed');
  }

  talk(id) {
    return this.#talks.get(id);
  }

  get unread() {
    return [...this.#talks.values()].reduce((sum, talk) => sum + (talk.unread || 0), 0);
  }

  /** Something happened in a conversation: merge what is known of it. */
  note(id, changes) {
    const before = this.#talks.get(id) ?? { id, status: 'open', unread: 0 };
    this.#talks.set(id, { ...before, ...changes });
    this.#draw();
  }

  /** A sentence in the way of everything else, or null. */
  complain(text) {
    notice.hidden = !text;
    notice.textContent = text || '';
  }

  forbid(text) {
    this.complain(text);
    find('[data-do=compose]').disabled = true;
  }

  /** Only while it is on the screen: a message is nowhere in the page twice. */
  #draw() {
    if (screen.hidden) return void find('#talks ul').replaceChildren();
    const talks = this.#inOrder();
    find('#talks').hidden = talks.length === 0;
    find('#talks ul').replaceChildren(...talks.map((talk) => this.#row(talk)));
  }

  #inOrder() {
    return [...this.#talks.values()].sort((a, b) => (a.last_message_at < b.last_message_at ? 1 : -1));
  }

  #row(talk) {
    const { node, parts } = stamp('talk');
    const agent = talk.agent ?? { name: this.projectName };
    node.firstElementChild.dataset.id = talk.id;
    showAvatar(parts.avatar, agent);
    parts.name.textContent = agent.name;
    parts.preview.textContent = talk.status === 'closed' ? `${sentence('closed')} · ${talk.preview}` : talk.preview;
    parts.time.textContent = moment(talk.last_message_at);
    parts.time.dateTime = talk.last_message_at;
    parts.unread.hidden = !talk.unread;
    parts.unread.textContent = talk.unread;
    parts.unread.ariaLabel = sentence('unread', { count: talk.unread });
    return node;
  }
}
