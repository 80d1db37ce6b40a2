/** The first screen: a way in, and the conversations there have been. */
import { find, moment, sentence, showAvatar, stamp } from './page.js';

const screen = find('#home');
const notice = find('#notice');
const list = find('#talks ul');

export class Home {
  constructor(chat) {
    this.chat = chat;
    chat.talks.addEventListener('change', () => this.#draw());
  }

  get hidden() {
    return screen.hidden;
  }

  set hidden(hidden) {
    screen.hidden = hidden;
    this.#draw();
  }

  showStatus(text, isOnline) {
    const replies = find('#replies');
    replies.dataset.online = isOnline;
    replies.querySelector('[data-part=text]').textContent = text;
    replies.hidden = false;
  }

  /** A sentence in the way of everything else, or null. */
  complain(text) {
    notice.hidden = !text;
    notice.textContent = text || '';
  }

  forbid(text) {
    this.complain(text);
    find('#compose').hidden = true;
  }

  /** Only while it is on the screen: a message is nowhere in the page twice. */
  #draw() {
    const talks = this.hidden ? [] : this.chat.talks.inOrder;
    find('#talks').hidden = talks.length === 0;
    const { latestOpen } = this.chat.talks;
    find('#compose-title').textContent = latestOpen ? sentence('goOn', { name: (latestOpen.agent ?? this.chat.project).name }) : sentence('write');
    list.replaceChildren(...talks.map((talk) => this.#row(talk)));
  }

  #row(talk) {
    const { node, parts } = stamp('talk');
    const agent = talk.agent ?? { name: this.chat.project.name };
    node.firstElementChild.dataset.id = talk.id;
    showAvatar(parts.avatar, agent);
    parts.name.textContent = agent.name;
    parts.preview.textContent = talk.status === 'closed' ? `${sentence('closed')} · ${talk.preview}` : talk.preview;
    parts.time.textContent = moment(talk.last_message_at);
    parts.time.dateTime = talk.last_message_at;
    parts.unread.hidden = !talk.unread;
    parts.unread.textContent = talk.unread;
    parts.unread.title = sentence('unread', { count: talk.unread });
    return node;
  }
}
