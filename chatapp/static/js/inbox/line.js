/*
 * The line to the server: one socket per tab, opened by hx-ws. It says where the reader stands when it connects, tells
 * which conversation is open, notices silence, and reports: "live:open", "live:news" and the host's data-state.
 */
const SILENCE = 60_000; // two heartbeats and a little
const ANSWER = 5_000;
const SENT_AWAY = [4401, 4403];

export class Line {
  /** `open()` gives the list of the open conversation, or nothing. */
  constructor(host, open, signal) {
    Object.assign(this, { host, open });
    const listen = (name, handle) => host.addEventListener(name, (event) => handle.call(this, event), { signal });
    listen("htmx:ws:before:connection", this.address);
    listen("htmx:ws:after:connection", this.connected);
    listen("htmx:ws:close", this.closed);
    listen("htmx:ws:before:message:incoming", this.hear);
    const watchdog = setInterval(() => this.checkSilence(), SILENCE / 4);
    signal.addEventListener("abort", () => clearInterval(watchdog));
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  set state(state) {
    this.host.dataset.state = state;
  }

  address({ detail: { connection } }) {
    const { id, since } = this.open()?.dataset ?? {};
    const url = new URL(connection.url);
    url.search = id ? new URLSearchParams({ conversation: id, since }) : "";
    connection.url = url.href;
  }

  connected({ detail: { connection: { socket } } }) {
    const isFirst = !this.socket;
    this.heard = Date.now();
    this.watched = new URL(socket.url).searchParams.get("conversation") ?? undefined;
    this.socket = socket;
    this.state = "live";
    this.watch();
    this.report("live:open", { isFirst });
  }

  closed({ detail: { code } }) {
    this.state = "away";
    if (SENT_AWAY.includes(code)) location.reload();
  }

  hear(event) {
    this.heard = Date.now();
    const { data } = event.detail.message;
    if (!data.startsWith("{")) return;
    event.preventDefault();
    this.report("live:news", JSON.parse(data));
  }

  report(name, detail) {
    this.host.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Tell the server which conversation is open now; it answers with what was missed there. */
  watch() {
    const { id, since = 0 } = this.open()?.dataset ?? {};
    if (id === this.watched || !this.isOpen) return;
    this.watched = id;
    this.socket.send(JSON.stringify({ type: "watch", conversation_id: id ?? null, since: Number(since) }));
  }

  /** Say what may be lost. */
  say(frame) {
    if (this.isOpen) this.socket.send(JSON.stringify(frame));
  }

  /** Ask something that must be answered, to see whether the line is still there. */
  probe() {
    if (!this.open() || !this.isOpen) return;
    const asked = Date.now();
    this.watched = null;
    this.watch();
    setTimeout(() => this.heard < asked && this.giveUp(), ANSWER);
  }

  checkSilence() {
    if (this.isOpen && Date.now() - this.heard > SILENCE) this.giveUp();
  }

  /** A dead line does not close by itself: the browser is told, and htmx connects anew. */
  giveUp() {
    this.state = "away";
    this.socket.close();
  }
}
