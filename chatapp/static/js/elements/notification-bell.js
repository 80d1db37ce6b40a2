/*
 * <notification-bell data-from="/…" data-root="/w/…" data-subjects="…" data-latest="…"> shows how much a member has not read. The
 * line's hints are without content: it asks for what is there now. What is open before somebody's eyes is read.
 */
import { fragment, post } from "../lib/http.js";
import { later } from "../lib/later.js";
import { ring } from "../lib/ring.js";

const GATHER = 300; // a burst of hints costs one question
const ROWS = ["message", "unassigned"]; // of these the inbox tells by its rows, which come at once

customElements.define("notification-bell", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    this.askLater = later(() => this.isConnected && this.ask(), GATHER);
    document.addEventListener("member:news", ({ detail }) => this.hear(detail), { signal });
    for (const name of ["htmx:after:swap", "visibilitychange"]) document.addEventListener(name, () => this.look(), { signal });
    window.addEventListener("focus", () => this.look(), { signal });
    this.told = Date.now() / 1000;
    this.look();
  }

  disconnectedCallback() {
    this.end.abort();
  }

  /** A hint may have been lost: then a heartbeat has another mark than the one before. */
  hear({ type, notifications }) {
    if (type === "notifications") this.askLater();
    if (type !== "heartbeat" || notifications === undefined || notifications === this.mark) return;
    this.mark = notifications;
    this.askLater();
  }

  async ask() {
    const html = await fragment(this.dataset.from).catch(() => null);
    if (html === null) return;
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("notification-bell");
    const [mine, theirs] = [this.querySelector("a"), found.querySelector("a")];
    mine.ariaLabel = theirs.ariaLabel;
    mine.querySelector("[data-count]").replaceWith(theirs.querySelector("[data-count]"));
    Object.assign(this.dataset, { subjects: found.dataset.subjects, latest: found.dataset.latest, rings: found.dataset.rings });
    this.tell(found.querySelector("[data-newest]")?.dataset);
    this.dispatchEvent(new CustomEvent("bell:news", { bubbles: true }));
    this.look();
  }

  /** Whether this member wants to be told of it aloud. */
  wants(kind) {
    return this.dataset.rings.split(" ").includes(kind);
  }

  /** The latest news aloud, once, unless it is before their eyes. */
  tell(news) {
    if (!news || Number(news.at) <= this.told) return;
    this.told = Number(news.at);
    const isOpen = document.querySelector(".thread__log")?.dataset.id === news.subject && !document.hidden && document.hasFocus();
    const isOfRows = document.querySelector("inbox-live") && ROWS.includes(news.kind);
    if (isOpen || isOfRows || !this.wants(news.kind)) return;
    ring({ key: news.key, title: news.title, body: news.text, tag: news.subject, open: () => location.assign(news.href) });
  }

  /** The conversation that is open is read, once somebody is there to see it. */
  look() {
    const id = document.querySelector(".thread__log")?.dataset.id;
    if (!id || document.hidden || !document.hasFocus() || !this.dataset.subjects.split(" ").includes(id)) return;
    this.dataset.subjects = this.dataset.subjects.split(" ").filter((one) => one !== id).join(" ");
    post(`${this.dataset.root}/conversations/${id}/notifications/reading`, {}).catch(() => null);
  }
});
