/*
 * <live-presence data-socket="/…">: tells that somebody is here and uses this tab, and shows who else is there, wherever
 * something carries data-of. It speaks on the inbox's line; on other pages it opens one of its own, once the page rests.
 */
import { place, replaceAll } from "../lib/presence.js";

const IDLE = 5 * 60_000;
const LOOK = 15_000;
const SILENCE = 60_000; // two heartbeats and a little
const SETTLE = 2_000;
const LONGEST_PAUSE = 30_000;
const SENT_AWAY = [4401, 4403];
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

customElements.define("live-presence", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    this.inbox = document.querySelector("inbox-live");
    this.isInUse = true;
    this.stir();
    for (const sign of SIGNS) document.addEventListener(sign, () => this.stir(), { signal, passive: true, capture: true });
    document.addEventListener("visibilitychange", () => document.hidden || this.stir(), { signal });
    this.inbox?.addEventListener("live:news", ({ detail }) => hear(detail), { signal });
    this.inbox?.addEventListener("live:open", () => this.isInUse || this.tell(), { signal });
    this.looking = setInterval(() => this.look(), LOOK);
    this.pause = SETTLE;
    if (!this.inbox) this.connectLater();
  }

  disconnectedCallback() {
    this.end.abort();
    clearInterval(this.looking);
    clearTimeout(this.waiting);
    this.socket?.close();
  }

  stir() {
    this.stirred = Date.now();
    if (!this.isInUse) this.use(true);
  }

  look() {
    if (this.isInUse && Date.now() - this.stirred > IDLE) this.use(false);
    if (this.socket?.readyState === WebSocket.OPEN && Date.now() - this.heard > SILENCE) this.socket.close();
  }

  use(isInUse) {
    this.isInUse = isInUse;
    this.tell();
  }

  tell() {
    const socket = this.inbox ? this.inbox.line?.socket : this.socket;
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "use", is_in_use: this.isInUse }));
  }

  connectLater() {
    if (this.end.signal.aborted) return;
    this.waiting = setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(LONGEST_PAUSE, this.pause * (1.5 + Math.random()));
  }

  connect() {
    const url = new URL(`${this.dataset.socket}?aside`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.socket = new WebSocket(url);
    this.socket.onopen = () => {
      Object.assign(this, { heard: Date.now(), pause: SETTLE });
      if (!this.isInUse) this.tell();
    };
    this.socket.onmessage = ({ data }) => {
      this.heard = Date.now();
      if (data.startsWith("{")) hear(JSON.parse(data));
    };
    this.socket.onclose = ({ code }) => (SENT_AWAY.includes(code) ? location.reload() : this.connectLater());
  }
});

/** A heartbeat names everybody who is there, other news somebody who came, went or chose. The bell hears all of it. */
function hear(news) {
  const { type, presence } = news;
  document.dispatchEvent(new CustomEvent("member:news", { detail: news }));
  if (type === "presence") Object.entries(presence).forEach(([id, state]) => place(id, state));
  if (type === "heartbeat" && presence) replaceAll(presence);
}
