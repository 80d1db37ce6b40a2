/*
 * <reply-composer> keeps what is typed, per conversation and per kind, and sends it. Sending clears the box at once and
 * shows the message as on its way; if it cannot be delivered it turns red, with its reason, Retry and Edit.
 */
import { Draft } from "../inbox/drafts.js";
import { measure } from "../inbox/length.js";
import { add, change, deliver, forget, waiting } from "../inbox/outbox.js";
import { keep, kept } from "../lib/store.js";

const htmx = window.htmx;
const SIGN = 3_000; // a sign of writing is shown for twice as long

customElements.define("reply-composer", class extends HTMLElement {
  connectedCallback() {
    [this.form, this.text, this.tray] = [this.querySelector("form"), this.querySelector("textarea"), this.querySelector("file-tray")];
    this.conversation = this.dataset.conversation;
    this.addEventListener("click", this.press);
    this.addEventListener("input", this.save);
    this.addEventListener("input", this.tell);
    this.addEventListener("keydown", this.type);
    this.addEventListener("submit", this.submit);
    this.onLine = () => this.resend();
    this.onLeave = () => this.leave();
    window.addEventListener("online", this.onLine);
    window.addEventListener("pagehide", this.onLeave);
    document.addEventListener("visibilitychange", this.onLeave);
    this.drafts = { reply: this.draftOf("reply"), note: this.draftOf("note") };
    this.turnTo(kept(`mode:${this.conversation}`) ?? "reply");
    this.resend();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.press);
    this.removeEventListener("input", this.save);
    this.removeEventListener("input", this.tell);
    this.removeEventListener("keydown", this.type);
    this.removeEventListener("submit", this.submit);
    window.removeEventListener("online", this.onLine);
    window.removeEventListener("pagehide", this.onLeave);
    document.removeEventListener("visibilitychange", this.onLeave);
    this.leave();
  }

  draftOf(kind) {
    const { conversation, dataset: { drafts: url, [`${kind}Draft`]: text = "", [`${kind}Saved`]: saved = null, [`${kind}Seen`]: seen } } = this;
    const isOnItsWay = saved && waiting(conversation).some(({ draft }) => draft === saved);
    if (seen && !isOnItsWay) keep(`seen:${conversation}`, kept(`seen:${conversation}`) ?? seen);
    return new Draft({ conversation, kind, url, stored: isOnItsWay ? { text: "", saved: null } : { text, saved }, seen: () => this.seen, onSaved: () => this.mark() });
  }

  get draft() {
    return this.drafts[this.mode];
  }

  /** The page or this conversation is left: what waits to be saved does not wait. */
  leave() {
    if (this.isConnected && document.visibilityState === "visible") return;
    for (const draft of Object.values(this.drafts)) draft.leave();
  }

  /** The list shows where something is begun. */
  mark() {
    const has = Object.values(this.drafts).some(({ text }) => text.trim());
    document.dispatchEvent(new CustomEvent("draft:changed", { detail: { conversation: this.conversation, has } }));
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
    this.text.value = this.draft.text;
    this.querySelector("[data-other]").hidden = !this.draft.other;
    this.showQuote();
    this.measure();
    this.tray.dataset.kind = mode;
  }

  /** The message that the next one answers to, as it was shown. */
  get quoted() {
    return kept(`quote:${this.conversation}:${this.mode}`);
  }

  set quoted(message) {
    keep(`quote:${this.conversation}:${this.mode}`, message);
    this.showQuote();
  }

  showQuote() {
    const [line, { name, text } = {}] = [this.querySelector("[data-quote]"), this.quoted ?? undefined];
    line.hidden = !this.quoted;
    line.querySelector("[data-who]").textContent = name;
    line.querySelector("[data-what]").textContent = text;
  }

  /** A note is quoted in a note only. */
  quote(message) {
    if (message.matches(".message--note")) this.turnTo("note");
    const text = (message.querySelector(".said")?.innerText || message.querySelector(".attachment")?.innerText || "").replace(/\s+/g, " ");
    this.quoted = { id: message.id.replace("message-", ""), name: message.dataset.name, text: text.slice(0, 140) };
    this.text.focus();
  }

  press(event) {
    if (event.target.closest("[data-unquote]")) {
      this.quoted = null;
      this.text.focus();
    }
    const mode = event.target.closest("[data-mode]")?.dataset.mode;
    const isExchanged = event.target.closest("[data-exchange]");
    if (!mode && !isExchanged) return;
    if (isExchanged) this.draft.exchange();
    this.turnTo(mode ?? this.mode);
    this.text.focus();
  }

  /** How far the thread had come when the answer was begun: what others say after that it has not seen. */
  get seen() {
    return kept(`seen:${this.conversation}`) ?? this.list.dataset.since;
  }

  save() {
    this.draft.change(this.text.value);
    this.remember();
  }

  /** Whether it is more than the channel, or a note, takes; the line below the text tells. */
  measure() {
    const line = this.querySelector("[data-length]");
    const isTooLong = measure(line, this.text.value, Number(line.dataset[this.mode]));
    this.text.ariaInvalid = isTooLong;
    return isTooLong;
  }

  remember() {
    this.measure();
    if (this.mode === "reply") keep(`seen:${this.conversation}`, this.text.value ? this.seen : null);
    this.mark();
  }

  /** Let the others know; now and then, while something is being written. */
  tell() {
    if (!this.text.value.trim() || Date.now() - (this.toldAt ?? 0) < SIGN) return;
    this.toldAt = Date.now();
    this.dispatchEvent(new CustomEvent("composer:writing", { bubbles: true, detail: { is_note: this.mode === "note" } }));
  }

  type(event) {
    if (event.key === "Escape") this.closest(".thread").querySelector("message-log").focus({ preventScroll: true }); // where keys scroll and are free
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  submit(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    this.text.focus();
    if (this.measure() || this.tray.waits(() => this.form.requestSubmit())) return;
    const files = this.tray.take();
    if (!text && !files.length) return;
    const entry = {
      conversation: this.conversation, url: this.form.action, text, files, isPrivate: this.mode === "note", clientId: crypto.randomUUID(), seen: this.seen,
      draft: this.draft.release(), quoted: this.quoted,
    };
    add(entry);
    this.quoted = null;
    this.text.value = "";
    this.toldAt = 0;
    this.remember();
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
      this.drafts[entry.isPrivate ? "note" : "reply"].arrived(entry.draft);
      await htmx.swap({ sourceElement: document.body, target: document.body, swap: "none", text: html });
    } catch (error) {
      this.fail(line, error);
    }
  }

  fail(line, { message: reason, isHeld }) {
    line.dataset.state = isHeld ? "held" : "failed";
    if (reason) line.querySelector("[data-reason]").textContent = reason;
  }

  /** The message as it will look, at the end of the thread, until the server's own copy takes its place. */
  show(entry) {
    const line = this.querySelector("template[data-part]").content.firstElementChild.cloneNode(true);
    line.id = `pending-${entry.clientId}`;
    Object.assign(line.dataset, { waitsFor: entry.clientId, place: Number.MAX_SAFE_INTEGER, at: new Date().toISOString(), author: "pending" });
    line.classList.toggle("is-note", entry.isPrivate);
    line.querySelector(".bubble").textContent = entry.text;
    line.querySelector(".bubble").hidden = !entry.text;
    line.querySelector("[data-files]").hidden = !entry.files?.length;
    line.querySelector("[data-files] span").textContent = entry.files?.map(({ name }) => name).join(", ");
    line.querySelector("[data-retry]").addEventListener("click", () => this.send(entry, line));
    line.querySelector("[data-anyway]").addEventListener("click", () => this.sendAnyway(entry, line));
    line.querySelector("[data-edit]").addEventListener("click", () => this.takeBack(entry, line));
    this.list.append(line);
    this.closest(".thread").querySelector("message-log").toEnd?.();
    return line;
  }

  sendAnyway(entry, line) {
    change(entry, { seen: undefined });
    this.send(entry, line);
  }

  takeBack(entry, line) {
    forget(entry);
    line.remove();
    this.turnTo(entry.isPrivate ? "note" : "reply");
    this.text.value = [entry.text, this.text.value].filter(Boolean).join("\n");
    this.tray.put(entry.files ?? []);
    this.quoted = entry.quoted;
    this.save();
    this.text.focus();
  }
});
