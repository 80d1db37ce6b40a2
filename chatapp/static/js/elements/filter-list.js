/*
 * <filter-list> around a search box and elements with data-item: shows those whose words hold everything that was typed.
 * Where the elements are buttons, the arrows walk through them and Enter in the box presses the first. A data-create button
 * is there while nothing is called exactly as was typed, which its data-typed says.
 */
import { holds, plain, wordsOf } from "../lib/words.js";

customElements.define("filter-list", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    this.addEventListener("input", () => this.filter(), { signal });
    this.addEventListener("keydown", (event) => this.walk(event), { signal });
    this.closest("[popover]")?.addEventListener("beforetoggle", () => this.reset(), { signal });
    this.observer = new MutationObserver(() => this.filter());
    this.observer.observe(this, { childList: true, subtree: true });
  }

  disconnectedCallback() {
    this.end.abort();
    this.observer.disconnect();
  }

  get box() {
    return this.querySelector("input[type=search]");
  }

  get buttons() {
    return [...this.querySelectorAll("button[data-item], button[data-create]")].filter((button) => button.checkVisibility());
  }

  reset() {
    this.box.value = "";
    this.filter();
  }

  filter() {
    const words = wordsOf(this.box?.value ?? "");
    const items = [...this.querySelectorAll("[data-item]")];
    for (const item of items) item.hidden = !holds(item.dataset.item, words);
    const create = this.offer(items);
    const none = this.querySelector("[data-none]");
    if (none) none.hidden = create || items.some((item) => !item.hidden);
  }

  /** Whether something new can be made of what was typed. */
  offer(items) {
    const create = this.querySelector("[data-create]");
    const typed = (this.box?.value ?? "").trim();
    if (!create) return false;
    create.hidden = !typed || items.some((item) => plain(item.dataset.item) === plain(typed));
    const place = create.querySelector("[data-typed]");
    if (place.textContent !== typed) place.textContent = typed;
    return !create.hidden;
  }

  /** Enter in the box never sends a form around it. */
  walk(event) {
    const { key, target } = event;
    if (key === "Enter" && target === this.box) {
      event.preventDefault();
      this.buttons[0]?.click();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!step || !this.buttons.length) return;
    event.preventDefault();
    const stops = [this.box, ...this.buttons];
    stops[(stops.indexOf(target) + step + stops.length) % stops.length].focus();
  }
});
