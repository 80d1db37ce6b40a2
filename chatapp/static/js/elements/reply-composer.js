/*
 * <reply-composer> keeps what is typed, per conversation and per kind, and sends it. Sending clears the box at once and
 * shows the message as on its way; if it cannot be delivered it turns red, with its reason, Retry and Edit.
 */
import { add, deliver, forget, waiting } from "../inbox/outbox.js";
import { keep, kept } from "../lib/store.js";

const htmx = window.htmx;

customElements.define("reply-composer", class extends HTMLElement {
  connectedCallback() {
    [this.form, this.text] = [this.querySelector("form"), this.querySelector("textarea")];
    this.conversation = this.dataset.conversation;
    this.addEventListener("click", this.press);
    this.addEventListener("input", this.save);
    this.addEventListener("keydown", this.type);
    this.addEventListener("submit", this.submit);
    this.onLine = () => this.resend();
    window.addEventListener("online", this.onLine);
    this.turnTo(kept(`mode:${this.conversation}`) ?? "reply");
    this.resend();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.press);
    this.removeEventListener("input", this.save);
    this.removeEventListener("keydown", this.type);
    this.removeEventListener("submit", this.submit);
    window.removeEventListener("online", this.onLine);
  }

  get draft() {
    return `draft:${this.conversation}:${this.mode}`;
  }

  get list() {
    return document.getElementById(`messages-${this.conversation}`);
  }

  turnTo(mode) {
    this.mode = mode;
    keep(`mode:${this.conversation}`, mode);
    this.form.classList.toggle("composer--note", mode === "note");
    for (const button of this.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", button.dataset.mode === mode);
    this.text.setAttribute("aria-label", this.dataset[`${mode}Label`]);
    this.text.placeholder = this.dataset[`${mode}Hint`];
    this.text.value = kept(this.draft) ?? "";
  }

  press(event) {
    const mode = event.target.closest("[data-mode]")?.dataset.mode;
    if (!mode) return;
    this.turnTo(mode);
    this.text.focus();
  }

  save() {
    keep(this.draft, this.text.value);
  }

  type(event) {
    if (event.key === "Escape") this.text.blur();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  submit(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    this.text.focus();
    if (!text) return;
    const entry = {
      conversation: this.conversation, url: this.form.action, text, isPrivate: this.mode === "note", clientId: crypto.randomUUID(),
    };
    add(entry);
    this.text.value = "";
    this.save();
    this.send(entry, this.show(entry));
  }

  /** Whatever was not acknowledged goes out again: the number it carries keeps it from being written twice. */
  resend() {
    for (const entry of waiting(this.conversation)) {
      const line = document.getElementById(`pending-${entry.clientId}`);
      if (line?.dataset.state !== "sending") this.send(entry, line ?? this.show(entry));
    }
  }

  async send(entry, line) {
    line.dataset.state = "sending";
    try {
      const html = await deliver(entry);
      line.remove();
      await htmx.swap({ sourceElement: document.body, target: document.body, swap: "none", text: html });
    } catch (error) {
      this.fail(line, error.message);
    }
  }

  fail(line, reason) {
    line.dataset.state = "failed";
    if (reason) line.querySelector("[data-reason]").textContent = reason;
  }

  /** The message as it will look, at the end of the thread, until the server's own copy takes its place. */
  show(entry) {
    const line = this.querySelector("template").content.firstElementChild.cloneNode(true);
    line.id = `pending-${entry.clientId}`;
    Object.assign(line.dataset, { waitsFor: entry.clientId, place: Number.MAX_SAFE_INTEGER, at: new Date().toISOString(), author: "pending" });
    line.classList.toggle("is-note", entry.isPrivate);
    line.querySelector(".bubble").textContent = entry.text;
    line.querySelector("[data-retry]").addEventListener("click", () => this.send(entry, line));
    line.querySelector("[data-edit]").addEventListener("click", () => this.takeBack(entry, line));
    this.list.append(line);
    this.closest(".thread").querySelector("message-log").toEnd?.();
    return line;
  }

  takeBack(entry, line) {
    forget(entry);
    line.remove();
    this.turnTo(entry.isPrivate ? "note" : "reply");
    this.text.value = [entry.text, this.text.value].filter(Boolean).join("\n");
    this.save();
    this.text.focus();
  }
});
