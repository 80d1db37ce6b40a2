/*
 * A list over a text that a sign opens: what follows the sign narrows it down; arrows choose, Enter or Tab inserts, Escape
 * leaves. The focus stays in the text all the while. It asks the server once for a conversation. Elements that extend it say
 * which sign (`call`: what stands after it, up to the caret, is the first group), when it counts, and what is inserted.
 */
import { fragment } from "./http.js";
import { holds, wordsOf } from "./words.js";

export class Picker extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    [this.panel, this.list] = [this.querySelector(".picker"), this.querySelector("ul")];
    this.text = this.closest("form").querySelector("textarea");
    this.text.addEventListener("input", () => this.look(), { signal });
    this.text.addEventListener("keydown", (event) => this.type(event), { signal });
    this.text.addEventListener("blur", () => this.close(), { signal });
    this.addEventListener("mousedown", (event) => event.target.closest("a") || event.preventDefault(), { signal }); // the text keeps the focus
    this.addEventListener("click", (event) => this.press(event), { signal });
    const lists = [...(this.text.getAttribute("aria-controls")?.split(" ") ?? []), this.list.id];
    for (const [name, value] of [["aria-autocomplete", "list"], ["aria-controls", lists.join(" ")]]) this.text.setAttribute(name, value);
  }

  disconnectedCallback() {
    this.end.abort();
  }

  /** Whether the sign means anything now. */
  get counts() {
    return true;
  }

  get options() {
    return [...this.list.children].filter((option) => !option.hidden);
  }

  get chosen() {
    return this.list.querySelector('[aria-selected="true"]');
  }

  /** What stands after the sign before the caret, or nothing. */
  get called() {
    return this.counts ? this.call.exec(this.text.value.slice(0, this.text.selectionEnd))?.[1] : undefined;
  }

  look() {
    if (this.called === undefined) this.close();
    else this.open();
  }

  async open() {
    this.offers ??= fragment(this.dataset.offers).then((html) => this.fill(html));
    try {
      await this.offers;
    } catch {
      this.offers = undefined;
      return;
    }
    if (this.called === undefined || document.activeElement !== this.text) return;
    this.filter(wordsOf(this.called));
    this.panel.hidden = this.isBeside;
  }

  /** The same may be offered elsewhere on the page: ids begin with the list's. */
  fill(html) {
    this.list.replaceChildren(document.createRange().createContextualFragment(html));
    for (const option of this.list.children) option.id = `${this.list.id}-${option.id}`;
  }

  /** What was typed is no more a call: the sign is part of a sentence. */
  get isBeside() {
    return false;
  }

  filter(words) {
    for (const option of this.list.children) option.hidden = !holds(option.dataset.item, words);
    this.list.append(...[...this.list.children].sort((one, other) => begins(other, words) - begins(one, words)));
    const { options } = this;
    this.querySelector("[data-none]").hidden = options.length > 0;
    this.select(options[0]);
  }

  select(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.text.setAttribute("aria-activedescendant", option.id);
    else this.text.removeAttribute("aria-activedescendant");
  }

  close() {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }

  type(event) {
    if (this.panel.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const { options } = this;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) this.select(options[(options.indexOf(this.chosen) + step + options.length) % options.length]);
    else if (["Enter", "Tab"].includes(event.key) && this.chosen) this.insert(this.chosen);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the composer would leave the text
  }

  press({ target }) {
    const option = target.closest("[role=option]");
    if (option) this.insert(option);
    if (target.closest("[data-pick]")) this.begin();
  }

  /** As if the sign had been typed. */
  begin() {
    if (!this.panel.hidden) return this.close();
    this.text.focus();
    const { value, selectionEnd: caret } = this.text;
    const gap = caret && !/\s/.test(value[caret - 1]) ? " " : "";
    if (this.called === undefined) this.put(gap + this.sign, caret, caret);
    this.look();
  }

  /** In place of the sign and of what was typed after it. */
  insert(option) {
    const caret = this.text.selectionEnd;
    this.close();
    this.put(option.dataset.text, caret - this.called.length - this.sign.length, caret);
  }

  put(text, from, to) {
    this.text.setRangeText(text, from, to, "end");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Whether its code begins with what was typed: those come first. */
function begins({ dataset: { code } }, [word = ""]) {
  return Number(code.startsWith(word));
}
