/*
 * <inbox-search> lies over the list of conversations. What is found opens beside it like any row; arrows, j and k walk,
 * Escape leaves. As long as no conversation is open the address says what is looked for, so that it can be gone back to.
 */
import { isFree } from "../lib/shortcuts.js";

const htmx = window.htmx;

customElements.define("inbox-search", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    const listen = (target, name, handle) => target.addEventListener(name, handle, { signal });
    listen(this, "click", (event) => this.press(event));
    listen(this, "keydown", (event) => this.type(event));
    listen(this, "input", () => this.count());
    listen(this, "htmx:after:swap", () => this.settle());
    listen(document, "keydown", (event) => this.step(event));
    listen(this.inbox, "click", (event) => this.goBack(event));
    this.box.focus();
    this.settle();
  }

  disconnectedCallback() {
    this.end.abort();
  }

  get inbox() {
    return this.closest("inbox-live");
  }

  get box() {
    return this.querySelector("input[type=search]");
  }

  get links() {
    return [...this.querySelectorAll(".row a")];
  }

  press(event) {
    if (event.target.closest("[data-leave]")) return this.leave();
    if (event.target.closest("[data-clear]")) return this.clear();
    const save = event.target.closest("[data-save]");
    if (save) save.search = new URLSearchParams(new FormData(this.querySelector("form")));
    const link = event.target.closest(".row a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.open(link);
  }

  async open(link) {
    this.mark(link);
    await htmx.ajax("GET", link.getAttribute("href"), { source: this, target: "#conversation", swap: "outerHTML", push: "true" });
    if (!link.checkVisibility()) document.querySelector(".thread .pane-head a")?.focus({ preventScroll: true }); // a phone: another screen
  }

  mark(link) {
    for (const other of this.links) {
      other.closest(".row").classList.toggle("is-selected", other === link);
      if (other === link) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
  }

  leave() {
    if (location.pathname === this.dataset.page) history.replaceState(history.state, "", this.dataset.page.replace(/\/search$/, ""));
    const { inbox, parentElement: place } = this;
    place.replaceChildren();
    inbox.querySelector('[data-key="/"]').focus({ preventScroll: true });
  }

  clear() {
    for (const field of this.querySelectorAll("select, [type=date]")) field.value = "";
    this.box.focus();
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** How many filters are set. */
  count() {
    const set = [...this.querySelectorAll("select, [type=date]")].filter((field) => field.value).length;
    const number = this.querySelector("[data-set]");
    [number.hidden, number.textContent] = [!set, set];
  }

  type(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.leave();
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.target.matches("select, [type=date]")) return;
    event.preventDefault();
    const stops = [this.box, ...this.links];
    stops[stops.indexOf(event.target) + by]?.focus();
  }

  /** j and k open the next and the previous of what was found. */
  step(event) {
    const by = { j: 1, k: -1 }[event.key];
    if (!by || !isFree(event)) return;
    event.preventDefault();
    const { links } = this;
    const link = links[links.findIndex((other) => other.hasAttribute("aria-current")) + by];
    if (!link) return;
    link.focus();
    this.open(link);
  }

  settle() {
    if (![this.dataset.page, this.dataset.page.replace(/\/search$/, "")].includes(location.pathname)) return;
    const values = [...new FormData(this.querySelector("form"))].filter(([, value]) => value);
    history.replaceState(history.state, "", `${this.dataset.page}?${new URLSearchParams(values)}`);
  }

  /** On a phone the way back from a conversation leads to what was found. */
  goBack(event) {
    if (!event.target.closest(".thread .pane-head > a")) return;
    event.preventDefault();
    history.back();
  }
});
