/** The panel: what the visitor does becomes the chat's doing, and what the chat knows is shown. */
import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { Home } from './home.js';
import { listenToHost, tell } from './host.js';
import { find, sentence, showAvatar, span } from './page.js';
import { Rating } from './rating.js';
import { Thread } from './thread.js';

const threadScreen = find('#thread');
let isOpen = false;
let status = '';

const chat = new Chat({
  isReading: () => isOpen && !threadScreen.hidden && document.visibilityState === 'visible',
  onNews: (conversation, message) => tell('message', { conversation_id: conversation.id, id: message.id }),
  onTyping: (author) => thread.showTyping(author),
});
const home = new Home(chat);
const thread = new Thread();
const rating = new Rating(chat);
const composer = new Composer({
  onSend(text) {
    if (threadScreen.hidden) openThread(chat.latest);
    chat.send(text);
    thread.toEnd();
  },
  onTyping: () => chat.type(),
});

function openThread(conversation) {
  thread.clear();
  rating.clear();
  home.hidden = true;
  threadScreen.hidden = false;
  composer.moveTo(threadScreen);
  chat.show(conversation);
  focusInside();
}

function openHome() {
  threadScreen.hidden = true;
  home.hidden = false;
  composer.moveTo(find('#compose'));
  focusInside();
}

/** A phone's keyboard must not jump up by itself. */
function focusInside() {
  if (!isOpen) return;
  if (matchMedia('(pointer: coarse)').matches) find(threadScreen.hidden ? '#greeting' : '#thread-name').focus();
  else composer.focus();
}

function draw() {
  const talk = chat.current && chat.talks.get(chat.current.id);
  const agent = talk?.agent ?? chat.project;
  thread.show(chat.current, chat.waiting);
  rating.show(talk?.status === 'closed' && talk.rating === null && talk.agent ? talk.agent.name : null);
  find('#thread-sub').textContent = isCut() ? sentence('reconnecting') : talk?.status === 'closed' ? sentence('conversationClosed') : status;
  if (!agent) return;
  find('#thread-name').textContent = agent.name;
  showAvatar(find('#thread-avatar'), agent);
}

const isCut = () => !navigator.onLine || chat.live.isBroken;

async function begin(page) {
  const opened = await chat.open(page, (problem) => { tell('error', problem.message); home.complain(problem.message); });
  const { online, reply_time: seconds } = opened;
  status = seconds === null ? sentence('away') : sentence('replies', { when: span(seconds) });
  home.complain(null);
  home.showStatus(status, online);
  draw();
}

const actions = {
  dismiss: () => tell('dismiss'),
  home: openHome,
  write: () => composer.focus(),
  talk: (button) => openThread(chat.conversation(button.dataset.id)),
  retry: (button) => chat.outbox.retry(button.dataset.clientId),
  newest: () => thread.toEnd(),
  older: () => thread.keepingPlace(() => chat.current.older()),
};

document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-do]');
  if (button) actions[button.dataset.do](button);
});
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !event.isComposing) tell('dismiss'); });
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && chat.refresh());
window.addEventListener('online', () => { chat.refresh(); draw(); });
window.addEventListener('offline', draw);
chat.addEventListener('change', draw);
chat.talks.addEventListener('change', () => tell('unread', chat.talks.unread));

find('.panel').hidden = false; // not before it answers to clicks

listenToHost({
  onHello(page, open) {
    isOpen = open;
    document.documentElement.dataset.framed = Boolean(page);
    tell('theme', getComputedStyle(document.documentElement).getPropertyValue('--brand').trim());
    focusInside();
    begin(page).catch((problem) => home.forbid(problem.message));
  },
  onShow(open, page) {
    isOpen = open;
    chat.session.page = page;
    if (!open) return;
    focusInside();
    chat.refresh();
    chat.read();
  },
});
