/** The panel: what the visitor does becomes the chat's doing, and what the chat knows is shown. */
import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { Home } from './home.js';
import { listenToHost, tell } from './host.js';
import { look } from './launcher.js';
import { find, hour, later, sentence, showAvatar, soon, span } from './page.js';
import { Thread } from './thread.js';

const threadScreen = find('#thread');
let isOpen = false;
let opened = null; // the answer of the server to whom this panel is

const chat = new Chat({
  isReading: () => isOpen && !threadScreen.hidden && document.visibilityState === 'visible',
  onNews(conversation, message) {
    tell('message', { conversation_id: conversation.id, id: message.id });
    if (!chat.isReading()) later('sound').then(({ play }) => play()).catch(() => {});
  },
  onTyping: (author) => thread.showTyping(author),
  onStart: (conversation) => tell('conversation:start', { conversation_id: conversation.id }),
});
const home = new Home(chat);
const thread = new Thread();
const composer = new Composer({
  onSend(text, files, email) {
    if (threadScreen.hidden) openThread(chat.latest);
    chat.send(text, files, email);
    thread.toEnd();
  },
  onTyping: () => chat.type(),
  upload: (file, onProgress) => chat.session.upload(file, onProgress),
});

/** @param conversation null for one that is still to begin, and with `begins` surely does */
function openThread(conversation, options) {
  thread.clear();
  home.hidden = true;
  threadScreen.hidden = false;
  composer.moveTo(threadScreen);
  chat.show(conversation, options);
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
  if (opened) home.showStatus(status(), opened.online && !isClosed());
  if (opened) askAddress();
  thread.show(chat.current, chat.waiting);
  showEnd(talk?.status === 'closed' && talk.agent ? talk : null);
  find('#thread-sub').textContent = isCut() ? sentence('reconnecting') : talk?.status === 'closed' ? sentence('conversationClosed') : queue() || status();
  if (!agent) return;
  find('#thread-name').textContent = agent.name;
  showAvatar(find('#thread-avatar'), agent);
}

let hasAsked = false;

/** Who writes while nobody is here may be gone when the answer comes. */
function askAddress() {
  const hasClosed = chat.talks.get(chat.current?.id)?.status === 'closed';
  const isWanted = !chat.email && !hasClosed && (isClosed() || (!opened.online && !chat.talks.isEmpty));
  hasAsked ||= isWanted;
  if (hasAsked) later('address').then(({ ask }) => ask(isWanted)).catch(() => {});
}

let hasEnded = false;

/** How was it? */
function showEnd(talk) {
  hasEnded ||= Boolean(talk);
  if (hasEnded) later('rating').then(({ show }) => show(talk, chat)).catch(() => {});
}

/** Only while somebody is here to answer, and only what is true: who has waited longer, not how long it will take. */
function queue() {
  const ahead = opened?.online && !isClosed() && chat.current?.ahead;
  return ahead ? sentence(ahead > 1 ? 'ahead' : 'oneAhead', { count: ahead }) : '';
}

/** Outside of business hours when they are back, otherwise how soon they tend to answer. */
function status() {
  if (!opened) return '';
  const { next_open_at: back, reply_time: seconds } = opened;
  if (isClosed() && back) return sentence('back', { day: soon(back), time: hour(back) });
  return seconds === null ? sentence('away') : sentence('replies', { when: span(seconds) });
}

const isClosed = () => opened.open === false && !(Date.parse(opened.next_open_at) <= Date.now());
const isCut = () => !navigator.onLine || chat.live.isBroken;

async function begin(page) {
  const before = !page && new URLSearchParams(location.search).has('popout') && await later('popout').then(({ adopt }) => adopt(chat.session));
  opened = await chat.open(page, (problem) => { tell('error', problem.message); home.complain(problem.message); });
  home.complain(null);
  if (before) openThread(chat.conversation(before));
  draw();
}

/** A window of our own closes, a frame is closed by the page around it. */
const dismiss = () => (window.parent === window ? window.close() : tell('dismiss'));

const actions = {
  dismiss,
  home: openHome,
  write: () => composer.focus(),
  talk: (button) => openThread(chat.conversation(button.dataset.id)),
  retry: (button) => chat.outbox.retry(button.dataset.clientId),
  begin: () => openThread(null, { begins: true }),
  attach: () => composer.choose(),
  end: () => chat.end().catch((problem) => composer.complain(problem.message)),
  later: (button) => later(button.dataset.later).then((it) => it.run(button, { chat, composer })).catch((problem) => composer.complain(problem.message)),
  newest: () => thread.toEnd(),
  older: () => thread.keepingPlace(() => chat.current.older()),
};

document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-do]');
  if (button) actions[button.dataset.do](button);
});
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !event.isComposing && !find('dialog[open],:popover-open')) dismiss(); });
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && chat.refresh());
window.addEventListener('online', () => { chat.refresh(); draw(); });
window.addEventListener('offline', draw);
chat.addEventListener('change', draw);
chat.talks.addEventListener('change', () => tell('unread', chat.talks.unread));

find('.panel').hidden = false; // not before it answers to clicks

/** What the page asks of window.Chatapp; the loader answers the rest itself. */
const wishes = {
  setTheme(name) { document.documentElement.style.colorScheme = { light: 'light', dark: 'dark', auto: 'light dark' }[name] ?? ''; },
  startConversation(text) {
    openThread(null, { begins: true });
    if (text) composer.fill(String(text));
  },
};

/** Whatever the page says, in the order in which it happened there. */
function follow({ type, open, page, view, calls }) {
  isOpen = open;
  chat.session.page = page;
  if (type !== 'page') tell('look', look(view));
  for (const [name, ...values] of calls) wishes[name]?.(...values);
}

listenToHost({
  onHello(words) {
    document.documentElement.dataset.framed = Boolean(words.page);
    follow(words);
    focusInside();
    begin(words.page).catch((problem) => home.forbid(problem.message));
  },
  onWord(words) {
    follow(words);
    if (!isOpen || words.type !== 'show') return;
    focusInside();
    chat.refresh();
    chat.read();
  },
});
