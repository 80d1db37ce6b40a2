/*
 * <inbox-live> keeps the inbox true. The socket is a hint, the numbers are the truth: every list knows how far it has come
 * (data-since, data-changed), and whatever is missing is fetched: after a gap, a heartbeat, a reconnect, a sleep.
 */
import { Bell } from "../inbox/bell.js";
import { catchUp, hasHole, refreshWaiting } from "../inbox/catch-up.js";
import { Company } from "../inbox/company.js";
import { ContactPanel } from "../inbox/contact-panel.js";
import { Line } from "../inbox/line.js";
import { MessageMenu } from "../inbox/message-menu.js";
import { refreshRows, refreshViews, showNumbers } from "../inbox/rows.js";
import { post } from "../lib/http.js";
import { later } from "../lib/later.js";

const htmx = window.htmx;
const PATIENCE = 250; // how long a hole may close by itself: two processes may push out of order
const AGAIN = 1_000; // the line may be open before the network answers
const DRIFT = 60_000; // views that go by how long ago something was are looked at anew
const CALM = 700; // the views are counted once for a burst of changes

customElements.define("inbox-live", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    this.line = new Line(this, () => this.log, signal);
    this.panel = new ContactPanel(this, signal);
    this.bell = new Bell(this, signal);
    this.menu = new MessageMenu(this, signal);
    this.company = new Company(this, this.line, signal);
    const listen = (target, name, handle) => target.addEventListener(name, handle, { signal });
    listen(this, "live:open", (event) => this.came(event.detail));
    listen(this, "live:news", (event) => this.learn(event.detail));
    listen(this, "log:changed", () => this.look());
    listen(this, "log:gone", () => this.lose());
    listen(this, "log:anew", () => this.reopen());
    listen(this, "live:left", (event) => this.left(event.detail));
    listen(this, "rows:changed", later(() => this.count(), CALM));
    listen(this, "rows:many", later(() => this.refresh({ isShortened: true }), CALM));
    listen(document, "undone", () => this.heal());
    listen(document, "bulk:done", () => this.refresh());
    listen(this, "click", ({ target }) => target.closest("[data-leaves-unread]") && this.leaveUnread());
    listen(document, "htmx:after:swap", () => this.opened());
    listen(document, "visibilitychange", () => document.hidden || this.wake());
    listen(window, "online", () => this.wake());
    listen(window, "offline", () => { this.line.state = "away"; });
    const drifting = setInterval(() => document.hidden || (this.rows.hasAttribute("data-drifts") && this.refresh()), DRIFT);
    signal.addEventListener("abort", () => clearInterval(drifting));
    this.healAgain = later(() => this.isConnected && navigator.onLine && this.heal(), AGAIN);
    this.closeHole = later(() => this.log && catchUp(this.log, this.dataset.root), PATIENCE);
    this.opened();
    showNumbers(this.rows.dataset.view);
  }

  disconnectedCallback() {
    this.end.abort();
  }

  get log() {
    return this.querySelector(".thread__log");
  }

  get rows() {
    return this.querySelector("conversation-list");
  }

  /** The line is there, for the first time or again. */
  came({ isFirst }) {
    if (isFirst) return;
    this.heal();
    this.querySelector("reply-composer")?.resend();
  }

  learn(news) {
    const { type, seq, inbox } = news;
    if (type === "resync") this.heal();
    if (type === "left") this.left(news);
    if (type === "labels") this.relabel();
    if (type === "views") this.review(news.id);
    if (type !== "heartbeat") return void this.company.learn(news);
    if (this.log && (seq === null || seq > Number(this.log.dataset.since))) catchUp(this.log, this.dataset.root);
    if (inbox && Math.floor(new Date(inbox)) > Number(this.rows.dataset.changed ?? 0)) this.refresh({ changed: Math.floor(new Date(inbox)) });
  }

  /** Everything again that may have been missed. */
  async heal() {
    const thread = this.log ? catchUp(this.log, this.dataset.root) : true;
    if (this.log) refreshWaiting(this.log, this.dataset.root);
    const answers = await Promise.all([thread, this.refresh()]);
    if (!this.line.isOpen) return; // it comes back, and then this is done again
    if (answers.every(Boolean)) this.line.state = "live";
    else this.healAgain();
  }

  /** A label is called otherwise, or gone: what shows it is as new as before, and yet has to give way. */
  relabel() {
    for (const { dataset } of this.querySelectorAll(".row, .thread__head")) dataset.revision = 0;
    this.heal();
  }

  /** A saved view is another one now, or gone. The open one is looked through from the start. */
  review(id) {
    if (this.rows.dataset.view !== `saved:${id}`) return this.count();
    this.rows.judgement.forget();
    this.refresh({ isShortened: true });
  }

  /** A conversation lies elsewhere now. Whether it is still there for this reader, only asking tells. */
  left({ conversation_id: id }) {
    this.refresh();
    if (this.log?.dataset.id === id) catchUp(this.log, this.dataset.root);
  }

  /** Its messages are others now: the thread is asked for again. What is being written stays, for the composer keeps it. */
  reopen() {
    const { id } = this.log.dataset;
    delete this.log.dataset.epoch;
    document.querySelectorAll("#conversation [popover][style]").forEach((menu) => menu.removeAttribute("style")); // htmx would copy it, and the CSP refuse it
    htmx.ajax("GET", `${this.dataset.root}/inbox/${id}`, { source: document.body, target: "#conversation", swap: "outerHTML" });
  }

  /** It is not: its thread says so, and its row goes. */
  lose() {
    const { id } = this.log.dataset;
    document.getElementById(`row-${id}`)?.remove();
    document.getElementById("conversation").replaceWith(document.getElementById("conversation-left").content.cloneNode(true));
    history.replaceState(null, "", `${this.dataset.root}/inbox${location.search}`);
    this.opened();
  }

  /** After a sleep: fetch what was missed, and see whether the line still answers. */
  async wake() {
    await this.heal();
    this.line.probe();
  }

  /** The list anew; `changed` is the moment that the server says the inbox last changed. */
  async refresh({ changed = 0, isShortened = false } = {}) {
    this.count();
    const isFresh = await refreshRows(this.rows.querySelector("ol"), this.dataset.rows, isShortened);
    if (isFresh) this.rows.dataset.changed = Math.max(changed, Number(this.rows.dataset.changed ?? 0));
    return isFresh;
  }

  async count() {
    await refreshViews(this.dataset.views);
    showNumbers(this.rows.dataset.view);
  }

  /** A conversation may have been opened, or its head have changed. */
  opened() {
    this.toggleAttribute("data-open", Boolean(this.log));
    if (this.log?.dataset.id !== this.leftUnread) this.leftUnread = undefined;
    this.panel.meet(this.log?.dataset.id);
    this.company.meet(this.log?.dataset.id);
    this.line.watch();
    this.look();
  }

  look() {
    if (!this.log) return;
    if (hasHole(this.log)) this.closeHole();
    this.read();
  }

  /** What is marked unread by hand stays so, though it is open, until it is left. */
  leaveUnread() {
    this.leftUnread = this.rows.querySelector(".row.is-selected.is-picked")?.dataset.id;
  }

  /** What arrives in front of somebody's eyes is read. What arrives while that is being told is told after it. */
  async read() {
    const row = this.rows.querySelector(".row.is-selected.is-unread");
    if (!row || row.dataset.id !== this.log?.dataset.id || row.dataset.id === this.leftUnread || document.hidden || !this.dataset.can.includes("reply")) return;
    this.isAskedAgain = this.isReading;
    if (this.isReading) return;
    this.isReading = true;
    const answer = await post(`${this.dataset.root}/conversations/${row.dataset.id}/reading`, { seq: this.log.dataset.since }).catch(() => null);
    this.isReading = false;
    if (answer?.ok && this.isAskedAgain) this.read();
  }
});
