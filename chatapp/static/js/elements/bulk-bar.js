/*
 * <bulk-bar> knows which rows of the list beside it are chosen, and says so to its form (ids, all). A row's box chooses it,
 * and so does x; with Shift, everything from the last one on. Rows come and go: what has left the list is chosen no longer.
 */
import { fragment } from "../lib/http.js";
import { isFree } from "../lib/shortcuts.js";

const htmx = window.htmx;

customElements.define("bulk-bar", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    this.picked = new Set();
    const listen = (target, name, handle) => target.addEventListener(name, handle, { signal: this.end.signal });
    listen(this.rows, "click", (event) => this.press(event));
    listen(this, "click", (event) => this.choose(event));
    listen(document, "keydown", (event) => this.key(event));
    listen(document, "bulk:done", () => this.clear());
    listen(document, "undone", () => htmx.ajax("GET", this.dataset.run, { source: this, target: "#bulk-run", swap: "innerHTML" }));
    this.observer = new MutationObserver(() => this.show());
    this.observer.observe(this.rows, { childList: true });
  }

  disconnectedCallback() {
    this.end.abort();
    this.observer.disconnect();
  }

  get rows() {
    return document.getElementById("rows");
  }

  get shown() {
    return [...this.rows.querySelectorAll(".row")];
  }

  press(event) {
    const box = event.target.closest("[data-pick]");
    if (box) this.pick(box.closest(".row"), box.checked, event.shiftKey);
  }

  choose({ target }) {
    if (target.closest("[data-none-chosen]")) this.clear();
    if (target.closest("[data-choose-all]")) this.chooseAll();
    const everything = target.closest("[data-everything]");
    if (!everything) return;
    this.picked = new Set(everything.checked ? this.shown.map((row) => row.dataset.id) : []);
    this.changed();
  }

  key(event) {
    if (!isFree(event) || document.querySelector("inbox-search")) return;
    if (event.key === "Escape" && this.picked.size) this.clear();
    if (event.key.toLowerCase() !== "x") return;
    const row = document.activeElement.closest("#rows .row") ?? this.rows.querySelector(".row.is-selected");
    if (!row || !row.querySelector("[data-pick]").checkVisibility()) return;
    event.preventDefault();
    this.pick(row, !this.picked.has(row.dataset.id) || event.shiftKey, event.shiftKey);
  }

  /** With `isRange` all from the last one that was pressed. */
  pick(row, isWanted, isRange) {
    const shown = this.shown;
    const from = isRange ? shown.findIndex(({ dataset }) => dataset.id === this.last) : -1;
    const here = shown.indexOf(row);
    const range = from < 0 ? [row] : shown.slice(Math.min(from, here), Math.max(from, here) + 1);
    for (const { dataset } of range) isWanted ? this.picked.add(dataset.id) : this.picked.delete(dataset.id);
    this.last = row.dataset.id;
    this.changed();
  }

  clear() {
    this.picked.clear();
    this.changed();
  }

  changed() {
    this.all = 0;
    this.show();
  }

  /** Everything that the view holds, far below what is shown. */
  async chooseAll() {
    const count = Number(await fragment(this.dataset.count).catch(() => 0));
    if (!count || !this.picked.size) return;
    this.all = count;
    this.show();
  }

  show() {
    const shown = this.shown;
    const there = new Set(shown.map((row) => row.dataset.id));
    for (const id of this.picked) if (!there.has(id)) this.picked.delete(id);
    for (const row of shown) this.mark(row, this.picked.has(row.dataset.id));
    const { size } = this.picked;
    const isWhole = size > 0 && size === shown.length;
    this.closest(".list").toggleAttribute("data-picking", size > 0);
    this.tell(size);
    const everything = this.querySelector("[data-everything]");
    Object.assign(everything, { checked: isWhole, indeterminate: size > 0 && !isWhole });
    everything.toggleAttribute("data-mixed", everything.indeterminate);
    this.querySelector("[data-offer]").hidden = !isWhole || Boolean(this.all) || document.getElementById("rows-more").hidden;
  }

  mark(row, isPicked) {
    row.classList.toggle("is-picked", isPicked);
    const box = row.querySelector("[data-pick]");
    if (box) box.checked = isPicked;
  }

  tell(size) {
    const { ids, all } = this.querySelector("form").elements;
    ids.value = [...this.picked].join(" ");
    all.disabled = !this.all;
    const words = this.all ? this.dataset.all.replace("{count}", this.all.toLocaleString()) : this.dataset.some.replace("{count}", size);
    const place = this.querySelector("[data-count-words]");
    if (place.textContent !== words) place.textContent = size ? words : "";
  }
});
