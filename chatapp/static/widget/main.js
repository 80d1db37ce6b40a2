/** The panel: joins the host page, the session, the outbox, the wire and the two screens. */
import { Conversation } from './conversation.js';
import { Composer } from './composer.js';
import { Home } from './home.js';
import { listenToHost, tell } from './host.js';
import { Live } from './live.js';
import { Outbox } from './outbox.js';
import { find, sentence, showAvatar } from './page.js';
import { Nap, patience } from './patience.js';
import { Session } from './session.js';
import { Thread } from './thread.js';

const session = new Session();
const home = new Home();
const thread = new Thread();
const nap = new Nap();
const conversations = new Map();
let current = null; // the conversation on the screen; null while its first message is on its way
let isOpen = false;

/** The conversation whose progress the wire reports: the one on the screen, else the latest. */
const watched = () => current ?? (home.latestOpen ? known(home.latestOpen.id) : null);
const path = (id, what) => `/widget/conversations/${id}/${what}`;
const isReading = () => isOpen && !find('#thread').hidden && document.visibilityState === 'visible';

const fetchPage = (id, query, options = {}) =>
  session.call('GET', `/widget/messages?${new URLSearchParams({ conversation_id: id, ...query })}`, options);

const outbox = new Outbox({
  post: ({ client_id, text, conversation_id }) =>
    session.call('POST', '/widget/messages', { body: { client_id, text, ...(conversation_id && { conversation_id }) } }),
  async settle(entry, ack) {
    const conversation = known(ack.conversation_id);
    if (!current && !entry.conversation_id) show(conversation);
    await conversation.receive({
      id: ack.id, client_id: entry.client_id, seq: ack.seq, revision: ack.seq, text: entry.text, created_at: ack.created_at, state: 'sent',
      author: { type: 'visitor', name: '' },
    });
  },
});

const live = new Live({
  session,
  cursor: watched,
  onFrame: receive,
  async poll(conversation, signal) {
    conversation.take(await fetchPage(conversation.id, { since: conversation.last, wait: 25 }, { signal, timeout: 40_000 }));
  },
});

const composer = new Composer({
  onSend(text) {
    outbox.add(text, current?.id ?? null);
    thread.toEnd();
    live.start();
  },
  onTyping() {
    if (current && !live.send({ type: 'typing', conversation_id: current.id })) session.call('POST', path(current.id, 'typing'), { body: {} }).catch(() => {});
  },
});

function known(id) {
  if (!conversations.has(id)) {
    const conversation = new Conversation(id, fetchPage);
    conversation.addEventListener('change', () => changed(conversation));
    conversations.set(id, conversation);
  }
  return conversations.get(id);
}

function changed(conversation) {
  const last = conversation.messages.at(-1);
  const agent = conversation.messages.findLast((message) => message.author.type !== 'visitor')?.author;
  if (last) home.note(conversation.id, { preview: last.text, last_message_at: last.created_at, ...(agent && { agent }) });
  if (conversation === current) drawThread();
  read();
}

function drawThread() {
  thread.show(current, outbox.of(current?.id ?? null));
  const talk = current && home.talk(current.id);
  find('#thread-name').textContent = talk?.agent?.name ?? home.projectName ?? find('#thread-name').textContent;
  showAvatar(find('#thread-avatar'), { name: home.projectName, ...talk?.agent });
  drawStatus();
}

function drawStatus() {
  const closed = current && home.talk(current.id)?.status === 'closed';
  const broken = !navigator.onLine || (live.state === 'waiting' && live.wasLive);
  find('#thread-sub').textContent = broken ? sentence('reconnecting') : closed ? sentence('conversationClosed') : home.status ?? '';
}

/** What the visitor has seen is told to the team, and no longer counted. */
function read() {
  if (current && isReading()) {
    const talk = home.talk(current.id);
    const newest = current.messages.findLast((message) => message.author.type !== 'visitor');
    if (newest && newest.seq > (talk?.read ?? 0)) {
      home.note(current.id, { unread: 0, read: newest.seq });
      session.call('POST', path(current.id, 'read'), { body: { seq: newest.seq } }).catch(() => {});
    }
  }
  tell('unread', home.unread);
}

function receive(frame) {
  const conversation = frame.conversation_id && known(frame.conversation_id);
  const handle = {
    message() {
      const isNew = frame.author.type !== 'visitor' && frame.seq > conversation.last;
      if (isNew) {
        home.note(conversation.id, { unread: (home.talk(conversation.id)?.unread ?? 0) + 1 });
        tell('message', { conversation_id: conversation.id, id: frame.id });
      }
      quietly(conversation.receive(frame));
    },
    'message.updated': () => quietly(conversation.receive(frame)),
    typing: () => conversation === current && frame.author && thread.showTyping(frame.active === false ? null : frame.author),
    read: () => conversation.seen(frame.seq),
    heartbeat: () => frame.seq && quietly((conversation || watched())?.notice(frame.seq)),
    conversation: () => { home.note(conversation.id, { status: frame.status }); drawStatus(); },
    resync: refresh,
  };
  handle[frame.type]?.();
}

/** A fetch that fails is made good by the next heartbeat or return. */
const quietly = (promise) => promise?.catch(() => {});

function show(conversation) {
  if (conversation !== current) thread.clear();
  current = conversation;
  drawThread();
  if (!conversation) return;
  quietly(conversation.sync().then(read));
  live.wake();
}

function openThread(conversation) {
  home.hidden = true;
  find('#thread').hidden = false;
  show(conversation);
  thread.toEnd();
  focusInside();
  live.start();
}

function openHome() {
  find('#thread').hidden = true;
  home.hidden = false;
  focusInside();
}

/** A phone's keyboard must not jump up by itself. */
function focusInside() {
  if (!isOpen) return;
  if (find('#thread').hidden) find('#greeting').focus();
  else if (matchMedia('(pointer: coarse)').matches) find('#thread-name').focus();
  else composer.focus();
}

/** Back from sleep, from a tunnel or from another tab: catch up at once. */
function refresh() {
  outbox.wake();
  live.wake();
  nap.wake();
  if (current) quietly(current.sync().then(read));
}

async function begin() {
  for (let attempt = 0; ; attempt++) {
    try {
      home.show(await session.open());
      home.complain(null);
      break;
    } catch (problem) {
      tell('error', problem.message);
      if (!problem.passes) return home.forbid(problem.message);
      home.complain(problem.message);
      await nap.for(problem.retryAfter * 1000 || patience(attempt));
    }
  }
  if (!home.isEmpty) live.start();
  tell('unread', home.unread);
  outbox.work();
  drawStatus();
}

const actions = {
  dismiss: () => tell('dismiss'),
  home: openHome,
  compose: () => openThread(home.latestOpen ? known(home.latestOpen.id) : null),
  talk: (button) => openThread(known(button.dataset.id)),
  retry: (button) => outbox.retry(button.dataset.clientId),
  newest: () => thread.toEnd(),
  older: () => quietly(thread.keepingPlace(() => current.older())),
};

document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-do]');
  if (button) actions[button.dataset.do](button);
});
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !event.isComposing) tell('dismiss'); });
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refresh());
window.addEventListener('online', refresh);
window.addEventListener('offline', drawStatus);
outbox.addEventListener('change', drawThread);
live.addEventListener('change', () => {
  live.wasLive ||= live.state !== 'waiting';
  if (live.state === 'live') refresh();
  drawStatus();
});

listenToHost({
  onHello(page, open) {
    session.page = page;
    document.documentElement.dataset.framed = Boolean(page);
    tell('theme', getComputedStyle(document.documentElement).getPropertyValue('--brand').trim());
    isOpen = open;
    focusInside();
    begin();
  },
  onShow(open, page) {
    isOpen = open;
    session.page = page;
    if (open) { focusInside(); refresh(); }
  },
});
