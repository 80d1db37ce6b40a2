/** The conversation on the screen: what the record says, then what is still on its way. Nothing that arrives moves what is being read. */
import { day, find, hour, later, sentence, showAvatar, stamp } from './page.js';

const GAP = 5 * 60_000;
const scroller = find('.thread__scroll');
const list = find('.says');
const newer = find('.newer');

export class Thread {
  #nodes = new Map();
  #newest = 0;
  #typing = 0;

  /** Shows this conversation (none yet = null) and the entries of the outbox that belong to it. */
  show(conversation, waiting) {
    const atEnd = this.atEnd;
    const read = this.#readAt();
    const lines = withDays([...(conversation?.messages ?? []).map(fromRecord), ...waiting.map(fromOutbox)]);
    this.#place(lines);
    find('.older').hidden = !conversation?.hasOlder;
    if (read?.node.isConnected) scroller.scrollTop += read.node.offsetTop - read.top; // a line above it may have grown
    this.#settle(lines, atEnd);
  }

  /** The first line that is in sight. */
  #readAt() {
    const node = [...list.children].find(({ offsetTop, offsetHeight }) => offsetTop + offsetHeight > scroller.scrollTop);
    return node && { node, top: node.offsetTop };
  }

  clear() {
    this.#nodes.clear();
    this.#newest = 0;
    list.replaceChildren();
    scroller.ariaLive = 'off'; // what was said before is not news
    newer.hidden = true;
    this.showTyping(null);
  }

  get atEnd() {
    return isAtEnd();
  }

  toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    newer.hidden = true;
  }

  /** Older messages come in above: what is being read stays where it is. */
  async keepingPlace(change) {
    const below = scroller.scrollHeight - scroller.scrollTop;
    await change().catch(() => {}); // the button is still there
    scroller.scrollTop = scroller.scrollHeight - below;
  }

  showTyping(author) {
    clearTimeout(this.#typing);
    const atEnd = this.atEnd;
    find('.typing').hidden = !author;
    if (!author) return;
    find('.typing .visually-hidden').textContent = sentence('typing', { name: author.name });
    this.#typing = setTimeout(() => this.showTyping(null), 6000);
    if (atEnd) this.toEnd();
  }

  #place(lines) {
    const wanted = new Set(lines.map((line) => line.key));
    for (const [key, { node }] of this.#nodes) if (!wanted.has(key)) { node.remove(); this.#nodes.delete(key); }
    lines.forEach((line, index) => {
      const drawn = this.#nodes.get(line.key) ?? stamp(line.template);
      this.#nodes.set(line.key, drawn);
      draw(drawn, line);
      if (list.children[index] !== drawn.node) list.insertBefore(drawn.node, list.children[index] ?? null);
    });
  }

  #settle(lines, atEnd) {
    const last = lines.at(-1);
    const first = this.#newest === 0;
    const fresh = lines.filter((line) => line.seq > this.#newest && !line.mine);
    this.#newest = Math.max(this.#newest, ...lines.map((line) => line.seq || 0));
    if (fresh.length && !first) this.showTyping(null);
    if (first) requestAnimationFrame(() => { scroller.ariaLive = 'polite'; });
    if (atEnd || first || last?.onItsWay) this.toEnd();
    else if (fresh.length) newer.hidden = false;
  }
}

scroller.addEventListener('scroll', () => { if (isAtEnd()) newer.hidden = true; });

const fromRecord = (message) => ({
  ...message, template: 'say', key: message.client_id || message.id, mine: message.author.type === 'visitor',
  note: message.author.type === 'visitor' ? sentence(message.state === 'read' ? 'seen' : 'sent') : message.author.name,
  edited: message.edited_at && !message.deleted_at ? ` · ${sentence('edited')}` : '',
});

const fromOutbox = (entry) => ({
  template: 'say', key: entry.client_id, clientId: entry.client_id, mine: true, onItsWay: true, author: { type: 'visitor', name: '' },
  text: entry.text, attachments: entry.files, created_at: entry.created_at, failed: entry.failed,
  note: entry.failed ? entry.failed.detail : sentence('sending'),
});

/** Puts the days between the messages, shows each message once, and joins those that one person wrote in one breath. */
function withDays(messages) {
  const lines = [];
  const keys = new Set();
  for (const message of messages) {
    if (keys.has(message.key)) continue;
    keys.add(message.key);
    const title = day(message.created_at);
    const before = lines.at(-1);
    if (before?.day !== title) lines.push({ template: 'day', key: `day ${title}`, title });
    else before.joined = !before.edited && before.note === message.note && before.author.name === message.author.name && new Date(message.created_at) - new Date(before.created_at) < GAP;
    lines.push({ ...message, day: title });
  }
  return lines;
}

let files = null;

/** What draws them comes with the first; whoever reads the end then still does. */
function drawFiles(node, place, attached = []) {
  place.hidden = !attached.length;
  if (files || place.hidden) return files?.draw(place, attached);
  return later('files').then((it) => {
    const atEnd = isAtEnd();
    files = it;
    files.draw(place, attached);
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }).catch(() => { delete node.dataset.picture; });
}

const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;

function drawQuote(parts, quote) {
  parts.quote.hidden = !quote;
  if (!quote) return;
  parts.quoted.textContent = quote.author.type === 'visitor' ? sentence('you') : quote.author.name;
  parts.quotedText.textContent = quote.deleted ? sentence('deleted') : quote.text;
}

/** What the link leads to. Its picture comes from us. */
function drawCard(parts, card) {
  parts.card.hidden = !card;
  if (!card) return;
  parts.card.href = card.url;
  parts.site.textContent = card.site;
  parts.title.textContent = card.title;
  parts.about.textContent = card.description;
  parts.picture.hidden = !card.picture_url;
  if (card.picture_url) parts.picture.src = card.picture_url;
}

function draw({ node, parts }, line) {
  const picture = JSON.stringify(line);
  if (node.dataset.picture === picture) return;
  node.dataset.picture = picture;
  if (line.template === 'day') { parts.time.textContent = line.title; return; }
  node.className = ['say', line.mine && 'say--mine', line.joined && 'say--joined', line.failed && 'say--failed', line.deleted_at && 'say--gone'].filter(Boolean).join(' ');
  if (line.deleted_at) parts.text.textContent = sentence('deleted');
  else if (line.html) parts.text.innerHTML = line.html; // made safe by the server, and the page's policy runs no inline script
  else parts.text.textContent = line.text;
  parts.bubble.hidden = !line.text && !line.deleted_at && !line.quote;
  drawQuote(parts, line.quote);
  drawCard(parts, line.link_preview);
  drawFiles(node, parts.files, line.attachments);
  parts.avatar.hidden = line.mine;
  if (!line.mine) showAvatar(parts.avatar, line.author);
  parts.foot.hidden = Boolean(line.joined);
  parts.state.textContent = line.mine && !line.onItsWay ? `${hour(line.created_at)} · ${line.note}` : line.onItsWay ? line.note : `${line.note} · ${hour(line.created_at)}${line.edited}`;
  parts.foot.role = line.failed ? 'alert' : null;
  parts.retry.hidden = !line.failed;
  parts.retry.dataset.clientId = line.clientId ?? '';
}
