/**
 * The wire: a WebSocket while that works, long polling where it does not (two attempts in a row that never spoke), and a new try at the socket every minute.
 * Whatever it brings is a hint for the conversation; nothing depends on a frame arriving.
 */
import { Nap, patience } from './patience.js';

const SILENCE = 60_000; // the server speaks every 25 s
const GREETING = 5_000;
const AWAY = 60_000;

export class Live extends EventTarget {
  #socket = null;
  #watchdog = 0;
  #nap = new Nap(); // between attempts at a socket
  #rest = new Nap(); // between polls
  #poll = null;
  #failures = 0;
  #wasThere = false;
  #isPollFailing = false;
  #running = false;

  /** @param session who speaks. @param cursor () → the conversation on the screen or null. @param onFrame gets each frame. @param poll (conversation, signal) long-polls once. */
  constructor({ session, cursor, onFrame, poll }) {
    super();
    Object.assign(this, { session, cursor, onFrame, poll });
  }

  /** 'live', 'polling' or 'waiting'. */
  state = 'waiting';

  async start() {
    if (this.#running) return;
    this.#running = true;
    for (;;) {
      const spoke = await this.#connect().catch(() => false);
      this.#failures = spoke ? 0 : this.#failures + 1;
      if (this.#failures >= 2) this.#startPolling();
      else this.#set('waiting');
      await this.#nap.for(this.#failures >= 2 ? AWAY : patience(this.#failures));
    }
  }

  /** It was there and is not: worth telling. A first attempt is not. */
  get isBroken() {
    return this.#wasThere && (this.state === 'waiting' || (this.state === 'polling' && this.#isPollFailing));
  }

  /** Sends a frame if there is a socket, and says whether it did. */
  send(frame) {
    if (this.state !== 'live') return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** The visitor looks at another conversation, or is back: do not wait. */
  wake() {
    this.#nap.wake();
    this.#rest.wake();
    this.#poll?.abort();
    const conversation = this.cursor();
    if (conversation) this.send({ type: 'watch', conversation_id: conversation.id, since: conversation.last });
  }

  /** Resolves when the socket is gone: true if the server had spoken on it. */
  async #connect() {
    if (!this.session.token) await this.session.open();
    return new Promise((resolve) => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/widget/socket`);
      let spoke = false;
      this.#watch(socket, GREETING);
      socket.onopen = () => socket.send(JSON.stringify(this.#greeting()));
      socket.onmessage = ({ data }) => {
        this.#watch(socket, SILENCE);
        if (!spoke) this.#established(socket);
        spoke = true;
        this.onFrame(JSON.parse(data));
      };
      socket.onclose = ({ code }) => {
        clearTimeout(this.#watchdog);
        this.#socket = null;
        if (code === 4401) this.session.open().then(() => resolve(spoke), () => resolve(spoke));
        else resolve(spoke);
      };
    });
  }

  #greeting() {
    const conversation = this.cursor();
    return { type: 'auth', token: this.session.token, conversation_id: conversation?.id ?? null, since: conversation?.last ?? 0 };
  }

  #established(socket) {
    this.#socket = socket;
    this.#poll?.abort();
    this.#set('live');
  }

  /** A half-open socket is silent for ever: browsers do not show protocol pings. */
  #watch(socket, patienceLeft) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => { socket.close(); socket.onclose({ code: 0 }); }, patienceLeft);
  }

  async #startPolling() {
    if (this.state === 'polling') return;
    this.#set('polling');
    for (let attempt = 0; this.state === 'polling';) {
      this.#poll = new AbortController();
      const { signal } = this.#poll;
      const conversation = this.cursor();
      try {
        const began = Date.now();
        if (conversation) await this.poll(conversation, signal);
        if (Date.now() - began < 1000) await this.#rest.for(1000); // a server that cannot wait answers at once
        attempt = 0;
        this.#setFailing(false);
      } catch (problem) {
        if (signal.aborted) continue;
        this.#setFailing(true);
        await this.#rest.for(problem.retryAfter * 1000 || patience(attempt++));
      }
    }
  }

  #setFailing(isFailing) {
    if (this.#isPollFailing === isFailing) return;
    this.#isPollFailing = isFailing;
    this.dispatchEvent(new Event('change'));
  }

  #set(state) {
    if (this.state === state) return;
    this.state = state;
    this.#wasThere ||= state !== 'waiting';
    this.dispatchEvent(new Event('change'));
  }
}
