/*
 * <command-palette> in its <dialog>: Ctrl K or ⌘K opens it, over whatever is being typed. It offers what the page can do
 * (whatever carries a key that the list of shortcuts names), where one can go (the rail, the side list, the settings),
 * and people, whom the server finds.
 */
import { fragment } from "../lib/http.js";
import { later } from "../lib/later.js";
import { carrierOf, press } from "../lib/shortcuts.js";
import { holds, plain, wordsOf } from "../lib/words.js";

const htmx = window.htmx;
const PAUSE = 150;
const LEAST = 2;

customElements.define("command-palette", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    this.dialog = this.closest("dialog");
    this.box = this.querySelector("input");
    this.found = this.querySelector("[data-found]");
    this.find = later(() => this.ask(), PAUSE);
    document.addEventListener("keydown", (event) => this.listen(event), { signal });
    this.addEventListener("input", () => this.filter(), { signal });
    this.addEventListener("keydown", (event) => this.walk(event), { signal });
    this.addEventListener("click", ({ target }) => this.choose(target.closest("[role=option]")), { signal });
  }

  disconnectedCallback() {
    this.end.abort();
  }

  get options() {
    return [...this.querySelectorAll("[role=option]")].filter((option) => !option.hidden);
  }

  get chosen() {
    return this.querySelector('[aria-selected="true"]');
  }

  listen(event) {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (this.dialog.open) return this.dialog.close();
    if (document.querySelector("dialog[open]")) return;
    document.querySelector(":popover-open")?.hidePopover();
    this.gather();
    this.box.value = "";
    this.dialog.showModal();
    this.filter();
  }

  /** What this page has now. */
  gather() {
    for (const option of this.querySelectorAll("[data-runs]")) option.dataset.off = carrierOf(option.dataset.runs) ? "" : "off";
    const pages = this.querySelector("[data-pages]");
    pages.querySelectorAll("[data-link]").forEach((option) => option.remove());
    const links = document.querySelectorAll(".rail__list a, .side a");
    const first = pages.querySelector("[role=option]");
    for (const [index, link] of [...links].entries()) first.before(this.page(link, index));
  }

  page(link, index) {
    const option = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const text = nameOf(link);
    option.id = `palette-link-${index}`;
    Object.assign(option.dataset, { link: "", text, href: link.href });
    option.querySelector("[data-words]").textContent = text;
    const picture = link.querySelector("svg, .label-dot");
    if (picture) option.querySelector("svg").replaceWith(picture.cloneNode(true));
    return option;
  }

  filter() {
    const words = wordsOf(this.box.value);
    for (const option of this.querySelectorAll("[data-text]")) {
      option.hidden = option.dataset.off === "off" || !holds(option.dataset.text, words);
    }
    if (this.box.value.trim().length < LEAST) this.found.replaceChildren();
    this.show(words);
    this.find();
  }

  show(words) {
    for (const text of this.querySelectorAll("[data-words]")) emphasise(text, words);
    const { options } = this;
    this.querySelector("[data-none]").hidden = options.length > 0;
    this.select(options.includes(this.chosen) ? this.chosen : options[0]);
  }

  async ask() {
    const typed = this.box.value.trim();
    if (!this.dataset.find || typed.length < LEAST) return;
    const text = await fragment(`${this.dataset.find}?${new URLSearchParams({ q: typed })}`).catch(() => null);
    if (text === null || typed !== this.box.value.trim()) return;
    this.found.replaceChildren(document.createRange().createContextualFragment(text));
    this.show(wordsOf(typed));
  }

  select(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.box.setAttribute("aria-activedescendant", option.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  walk(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { options } = this;
    if (step && options.length) this.select(options[(options.indexOf(this.chosen) + step + options.length) % options.length]);
    if (event.key === "Enter") this.choose(this.chosen);
    if (step || event.key === "Enter") event.preventDefault();
  }

  choose(option) {
    if (!option) return;
    const { runs, href } = option.dataset;
    this.dialog.close();
    if (runs) press(carrierOf(runs));
    else if ("conversation" in option.dataset && document.getElementById("conversation")) open(href);
    else location.assign(href);
  }
});

/** What a link is called, without the numbers and keys beside it. */
function nameOf(link) {
  const name = (link.querySelector(".tooltip") ?? link).cloneNode(true);
  name.querySelectorAll(".count, .keys").forEach((part) => part.remove());
  return name.textContent.trim() || link.ariaLabel || "";
}

function open(href) {
  htmx.ajax("GET", new URL(href, location).pathname, { source: document.body, target: "#conversation", swap: "outerHTML", push: "true" });
}

/** Mark the first place of each word. */
function emphasise(element, words) {
  const text = element.textContent;
  const places = words.map((word) => [plain(text).indexOf(word), word.length]).filter(([at]) => at >= 0).sort(([one], [other]) => one - other);
  element.replaceChildren();
  let end = 0;
  for (const [at, length] of places) {
    if (at < end) continue;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(at, at + length);
    element.append(text.slice(end, at), mark);
    end = at + length;
  }
  element.append(text.slice(end));
}
