/*
 * <inbox-live> keeps the inbox true. The socket is a hint, the numbers are the truth: every list knows how far it has come
 * (data-since, data-changed), and whatever is missing is fetched: after a gap, a heartbeat, a reconnect, a sleep.
 */
import { catchUp, hasHole } from "../inbox/catch-up.js";
import { ContactPanel } from "../inbox/contact-panel.js";
import { Line } from "../inbox/line.js";
import { refreshRows, refreshViews, showNumbers } from "../inbox/rows.js";
import { post } from "../lib/http.js";
import { later } from "../lib/later.js";

const PATIENCE = 250; // how long a hole may close by itself: two processes may push out of order
const CALM = 700; // the views are counted once for a burst of changes

customElements.define("inbox-live", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    this.line = new Line(this, () => this.log, signal);
    this.panel = new ContactPanel(this, signal);
    const listen = (target, name, handle) => target.addEventListener(name, handle, { signal });
    listen(this, "live:open", (event) => this.came(event.detail));
    listen(this, "live:news", (event) => this.learn(event.detail));
    listen(this, "log:changed", () => this.look());
    listen(this, "rows:changed", later(() => this.count(), CALM));
    listen(document, "htmx:after:swap", () => this.opened());
    listen(document, "visibilitychange", () => document.hidden || this.wake());
    listen(window, "online", () => this.wake());
    listen(window, "offline", () => { this.line.state = "away"; });
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

  learn({ type, seq, inbox }) {
    if (type === "resync") this.heal();
    if (type !== "heartbeat") return;
    if (this.log && seq > Number(this.log.dataset.since)) catchUp(this.log, this.dataset.root);
    if (inbox && Math.floor(new Date(inbox)) > Number(this.rows.dataset.changed ?? 0)) this.refresh(Math.floor(new Date(inbox)));
  }

  /** Everything again that may have been missed. */
  async heal() {
    const thread = this.log ? catchUp(this.log, this.dataset.root) : true;
    const answers = await Promise.all([thread, this.refresh()]);
    if (answers.every(Boolean) && this.line.isOpen) this.line.state = "live";
  }

  /** After a sleep: fetch what was missed, and see whether the line still answers. */
  async wake() {
    await this.heal();
    this.line.probe();
  }

  /** The list anew; `changed` is the moment that the server says the inbox last changed. */
  async refresh(changed = 0) {
    this.count();
    const isFresh = await refreshRows(this.rows.querySelector("ol"), this.dataset.rows);
    if (isFresh) this.rows.dataset.changed = Math.max(changed, Number(this.rows.dataset.changed ?? 0));
    return isFresh;
  }

  async count() {
    await refreshViews(this.dataset.views);
    showNumbers(this.rows.dataset.view);
  }

  /** A conversation may have been opened, or its head have changed. */
  opened() {
    const head = this.querySelector(".thread__head");
    head?.toggleAttribute("data-mine", head.dataset.assignee === this.dataset.me);
    this.toggleAttribute("data-open", Boolean(this.log));
    this.panel.meet(this.log?.dataset.id);
    this.line.watch();
    this.look();
  }

  look() {
    if (!this.log) return;
    if (hasHole(this.log)) this.closeHole();
    this.read();
  }

  /** What arrives in front of somebody's eyes is read. What arrives while that is being told is told after it. */
  async read() {
    const row = this.rows.querySelector(".row.is-selected.is-unread");
    if (!row || document.hidden || !this.dataset.can.includes("reply")) return;
    this.isAskedAgain = this.isReading;
    if (this.isReading) return;
    this.isReading = true;
    const answer = await post(`${this.dataset.root}/conversations/${row.dataset.id}/reading`, {}).catch(() => null);
    this.isReading = false;
    if (answer?.ok && this.isAskedAgain) this.read();
  }
});
