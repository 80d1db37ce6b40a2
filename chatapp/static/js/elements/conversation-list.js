/*
 * <conversation-list> around <ol id="rows">: opens conversations without leaving the page, marks the open one, and lets
 * go of rows that no longer belong to the view. Rows are the same for everybody; which are mine is decided here.
 */
import { Judgement } from "../inbox/judgement.js";
import { isMe } from "../inbox/thread.js";
import { isFree } from "../lib/shortcuts.js";

const htmx = window.htmx;
const MOST_ROWS = 150; // in a busy inbox the list grows all day; nobody has seen its end
const RESTING = ["pending", "snoozed", "closed"]; // views of what is not open

customElements.define("conversation-list", class extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol");
    this.judgement = this.dataset.view.startsWith("saved:") && new Judgement(this.list, this.closest("[data-rows]").dataset.rows);
    this.observer = new MutationObserver(() => this.changed());
    this.onKey = (event) => this.step(event);
    this.onSwap = () => this.arrange();
    this.onDraft = ({ detail }) => this.noteDraft(detail);
    this.addEventListener("click", this.choose);
    this.addEventListener("rows:judged", this.changed);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("htmx:after:swap", this.onSwap);
    document.addEventListener("draft:changed", this.onDraft);
    this.arrange();
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.removeEventListener("click", this.choose);
    this.removeEventListener("rows:judged", this.changed);
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("htmx:after:swap", this.onSwap);
    document.removeEventListener("draft:changed", this.onDraft);
  }

  get rows() {
    return [...this.list.querySelectorAll(".row")];
  }

  /** The conversation that is open, or on its way. */
  get open() {
    return this.wanted ?? document.getElementById("conversation")?.dataset.id;
  }

  changed() {
    this.arrange();
    this.dispatchEvent(new CustomEvent("rows:changed", { bubbles: true }));
    if (this.list.childElementCount > MOST_ROWS && this.scrollTop < this.clientHeight) this.dispatchEvent(new CustomEvent("rows:many", { bubbles: true }));
  }

  arrange() {
    this.observer.disconnect();
    const { drafted } = this;
    for (const row of this.rows) {
      this.noteChange(row);
      row.classList.toggle("has-draft", drafted.has(row.dataset.id));
      if (this.belongs(row)) this.mark(row, row.dataset.id === this.open);
      else this.letGo(row);
    }
    this.toggleAttribute("data-empty", this.rows.length === 0);
    this.observer.observe(this.list, { childList: true });
  }

  /** The newest change that this list has heard of, in milliseconds; heartbeats are compared with it. */
  noteChange(row) {
    const moment = Math.floor(row.dataset.revision * 1000);
    if (moment > Number(this.dataset.changed ?? 0)) this.dataset.changed = moment;
  }

  belongs(row) {
    return this.judgement ? this.judgement.belongs(row) : this.fits(row.dataset);
  }

  fits({ status, assignee, team, labels, mentions = "", participants = "", due, waiting }) {
    if (RESTING.includes(this.dataset.view)) return status === this.dataset.view;
    if (this.dataset.view === "mentions") return status !== "closed" && mentions.split(" ").some((id) => isMe(id, this));
    if (status !== "open") return false;
    if (this.dataset.view === "mine") return assignee === this.closest("[data-me]").dataset.me;
    if (this.dataset.view === "participating") return participants.split(" ").includes(this.closest("[data-me]").dataset.me);
    if (this.dataset.view === "due") return due !== "";
    if (this.dataset.view === "unattended") return waiting !== "";
    if (this.dataset.view.startsWith("label:")) return labels.split(" ").includes(this.dataset.view.slice(6));
    if (this.dataset.view.startsWith("team:")) return this.dataset.view === `team:${team}`;
    return this.dataset.view !== "unassigned" || !assignee;
  }

  /** Its neighbours close ranks: j leads to the one that took its place, and so goes the focus that it had. */
  letGo(row) {
    const place = this.rows.indexOf(row);
    if (row.dataset.id === this.open) this.gap = place;
    else if (place < this.gap) this.gap -= 1; // one of several that go at once
    const hadFocus = row.contains(document.activeElement);
    row.remove();
    if (hadFocus) (this.rows[place] ?? this.rows.at(-1))?.querySelector("a").focus({ preventScroll: true });
  }

  /** Where this reader has begun to write: the views tell it, as the server knows it. */
  get drafted() {
    return new Set(document.getElementById("views")?.dataset.drafts.split(" "));
  }

  noteDraft({ conversation, has }) {
    const { drafted } = this;
    if (drafted.has(conversation) === has) return;
    drafted[has ? "add" : "delete"](conversation);
    document.getElementById("views").dataset.drafts = [...drafted].join(" ");
    this.arrange();
  }

  mark(row, isOpen) {
    row.classList.toggle("is-selected", isOpen);
    const link = row.querySelector("a");
    if (isOpen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }

  choose(event) {
    const link = event.target.closest(".row a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.go(link);
  }

  async go(link) {
    const url = new URL(link.href);
    url.searchParams.set("view", this.dataset.view);
    const wanted = link.closest(".row").dataset.id;
    this.wanted = wanted;
    for (const row of this.rows) this.mark(row, row.contains(link));
    await htmx.ajax("GET", url.pathname + url.search, { source: this, target: "#conversation", swap: "outerHTML", push: "true" });
    if (this.wanted === wanted) this.wanted = undefined;
    this.arrange(); // if nobody answered, what is open is still open
    if (!link.checkVisibility()) document.querySelector(".thread .pane-head a")?.focus({ preventScroll: true }); // a phone: another screen
  }

  /** j and k: the next and the previous conversation. */
  step(event) {
    const by = { j: 1, k: -1 }[event.key];
    if (!by || !isFree(event) || document.querySelector("inbox-search")) return;
    event.preventDefault();
    const link = this.rows[this.stepFrom(by)]?.querySelector("a");
    if (!link) return;
    this.go(link);
    link.focus({ preventScroll: true });
    link.closest(".row").scrollIntoView({ block: "nearest" });
  }

  stepFrom(by) {
    const now = this.rows.findIndex((row) => row.dataset.id === this.open);
    return now < 0 ? (this.gap ?? 0) - (by < 0) : now + by;
  }
});
