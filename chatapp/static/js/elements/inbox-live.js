/*
 * <inbox-live> keeps the inbox true. The socket is a hint, the numbers are the truth: every list knows how far it has come
 * (data-since, data-changed), and whatever is missing is fetched: after a gap, a heartbeat, a reconnect, a sleep.
 */
import { fragment, post } from "../lib/http.js";

const htmx = window.htmx;
const SILENCE = 60_000; // two heartbeats and a little
const ANSWER = 5_000;
const SENT_AWAY = [4401, 4403];
const PATIENCE = 250; // how long a gap may close by itself: two processes may push out of order

const beside = matchMedia("(min-width: 1181px)"); // narrower, the contact panel lies over the thread: it waits to be asked for

const later = (run, pause) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, pause);
  };
};

customElements.define("inbox-live", class extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    this.refreshViews = later(() => this.loadViews(), 400);
    this.closeGap = later(() => this.catchUp(), PATIENCE);
    this.listen(this, {
      "htmx:ws:before:connection": (event) => this.address(event.detail.connection),
      "htmx:ws:after:connection": (event) => this.connected(event.detail.connection),
      "htmx:ws:close": (event) => this.closed(event.detail.code),
      "htmx:ws:before:message:incoming": (event) => this.hear(event),
      "log:changed": () => this.count(),
      "rows:changed": () => this.refreshViews(),
      click: (event) => event.target.closest("[data-toggles-contact]") && this.toggleContact(),
    });
    this.listen(document, {
      visibilitychange: () => document.hidden || this.probe(),
      "htmx:after:swap": () => this.opened(),
    });
    this.listen(window, { online: () => this.probe(), offline: () => this.setState("away") });
    this.watchdog = setInterval(() => this.checkSilence(), SILENCE / 4);
    this.dataset.contact = localStorage.getItem("contact-panel") ?? "open";
    this.opened();
    this.showNumbers();
  }

  disconnectedCallback() {
    this.abort.abort();
    clearInterval(this.watchdog);
  }

  listen(target, handlers) {
    for (const [name, handle] of Object.entries(handlers)) target.addEventListener(name, handle, { signal: this.abort.signal });
  }

  get log() {
    return this.querySelector(".thread__log");
  }

  get rows() {
    return this.querySelector("conversation-list");
  }

  setState(state) {
    this.dataset.state = state;
  }

  // the socket ------------------------------------------------------------------------------------------------------

  address(connection) {
    const url = new URL(connection.url);
    url.search = this.log ? new URLSearchParams({ conversation: this.log.dataset.id, since: this.log.dataset.since }) : "";
    connection.url = url.href;
  }

  connected({ socket }) {
    this.heard = Date.now();
    this.watched = new URL(socket.url).searchParams.get("conversation") ?? undefined;
    const isFirst = !this.socket;
    this.socket = socket;
    this.setState("live");
    this.watch();
    if (isFirst) return;
    this.heal();
    this.querySelector("reply-composer")?.resend();
  }

  hear(event) {
    this.heard = Date.now();
    const { data } = event.detail.message;
    if (!data.startsWith("{")) return;
    event.preventDefault();
    const message = JSON.parse(data);
    if (message.type === "heartbeat") this.compare(message);
    if (message.type === "resync") this.heal();
  }

  compare({ seq, inbox }) {
    if (this.log && seq > Number(this.log.dataset.since)) this.catchUp();
    if (inbox && Math.floor(new Date(inbox)) > Number(this.rows.dataset.changed ?? 0)) this.loadRows(Math.floor(new Date(inbox)));
  }

  /** A dead line does not close by itself: the browser is told, and htmx connects anew. */
  checkSilence() {
    if (this.socket?.readyState !== WebSocket.OPEN || Date.now() - this.heard < SILENCE) return;
    this.giveUp();
  }

  giveUp() {
    this.setState("away");
    this.socket?.close();
  }

  closed(code) {
    this.setState("away");
    if (SENT_AWAY.includes(code)) location.reload();
  }

  /** Tell the server which conversation is open now; it answers with what was missed there. */
  watch() {
    const id = this.log?.dataset.id;
    if (id === this.watched || this.socket?.readyState !== WebSocket.OPEN) return;
    this.watched = id;
    this.socket.send(JSON.stringify({ type: "watch", conversation_id: id ?? null, since: Number(this.log?.dataset.since ?? 0) }));
  }

  // the truth -------------------------------------------------------------------------------------------------------

  /** Everything again that may have been missed. */
  async heal() {
    const answers = await Promise.all([this.catchUp(), this.loadRows()]);
    if (answers.every(Boolean) && this.socket?.readyState === WebSocket.OPEN) this.setState("live");
  }

  /** After a sleep: fetch what was missed, and see whether the line still answers. */
  async probe() {
    await this.heal();
    this.watched = null;
    const asked = Date.now();
    this.watch();
    setTimeout(() => this.log && this.heard < asked && this.giveUp(), ANSWER);
  }

  async catchUp() {
    const { log } = this;
    if (!log) return true;
    return this.fetchInto(`${this.dataset.root}/conversations/${log.dataset.id}/messages?since=${log.dataset.since}`);
  }

  /** The first page again; `changed` is the moment that the server says the inbox last changed. */
  async loadRows(changed = 0) {
    this.loadViews();
    const list = this.rows.querySelector("ol");
    const text = await this.load(this.dataset.rows);
    if (text === null) return false;
    this.dropStale(list, text);
    await htmx.swap({ sourceElement: list, target: list, swap: "place", text });
    this.rows.dataset.changed = Math.max(changed, Number(this.rows.dataset.changed ?? 0));
    return true;
  }

  /** Rows that the first page should have brought and did not are no longer in this view. */
  dropStale(list, text) {
    const page = new DOMParser().parseFromString(`<ol>${text}</ol>`, "text/html");
    const fresh = [...page.querySelectorAll(".row")];
    const ids = new Set(fresh.map((row) => row.id));
    const isWhole = page.querySelector("#rows-more")?.hidden;
    const oldest = isWhole ? 0 : Math.min(...fresh.map((row) => Number(row.dataset.place)));
    for (const row of list.querySelectorAll(".row")) {
      if (!ids.has(row.id) && Number(row.dataset.place) >= oldest) row.remove();
    }
    if (fresh.length && !isWhole && list.querySelectorAll(".row").length > fresh.length) page.querySelector("#rows-more").remove();
  }

  async loadViews() {
    const text = await this.load(this.dataset.views);
    if (text === null) return;
    await htmx.swap({ sourceElement: document.body, target: "#views", swap: "outerHTML", text });
    this.showNumbers();
  }

  async fetchInto(url) {
    const text = await this.load(url);
    if (text !== null) await htmx.swap({ sourceElement: this, target: this, swap: "none", text });
    return text !== null;
  }

  async load(url) {
    try {
      return await fragment(url);
    } catch {
      return null; // the next heartbeat or reconnect asks again
    }
  }

  // what follows from it --------------------------------------------------------------------------------------------

  /** Move data-since on while the numbers have no hole; ask for what a hole hides. */
  count() {
    const { log } = this;
    if (!log) return;
    const numbers = new Set([...log.children].map((line) => Number(line.dataset.revision)));
    const newest = Math.max(0, ...[...numbers].filter(Boolean));
    let since = Number(log.dataset.since);
    while (numbers.has(since + 1)) since += 1;
    log.dataset.since = since;
    if (newest > since) this.closeGap();
    this.read();
  }

  /** What arrives in front of somebody's eyes is read. */
  read() {
    const row = this.rows.querySelector(".row.is-selected.is-unread");
    if (!row || document.hidden || !this.dataset.can.includes("reply") || this.reading) return;
    this.reading = true;
    post(`${this.dataset.root}/conversations/${row.dataset.id}/reading`, {}).catch(() => {}).finally(() => { this.reading = false; });
  }

  opened() {
    this.watch();
    const head = this.querySelector(".thread__head");
    head?.toggleAttribute("data-mine", head.dataset.assignee === this.dataset.me);
    this.toggleAttribute("data-open", Boolean(this.log));
    if (this.shown !== this.log?.dataset.id && !beside.matches) this.dataset.contact = "folded";
    this.shown = this.log?.dataset.id;
    for (const button of this.querySelectorAll(".thread [data-toggles-contact]")) button.setAttribute("aria-pressed", this.dataset.contact === "open");
    this.count();
  }

  showNumbers() {
    const counts = JSON.parse(document.getElementById("views").dataset.counts);
    const count = this.querySelector("#list-count");
    if (count) count.textContent = counts[this.rows.dataset.view];
    document.title = document.title.replace(/^(\(\d+\) )?/, counts.mine ? `(${counts.mine}) ` : "");
  }

  toggleContact() {
    this.dataset.contact = this.dataset.contact === "open" ? "folded" : "open";
    if (beside.matches) localStorage.setItem("contact-panel", this.dataset.contact);
    this.opened();
  }
});
