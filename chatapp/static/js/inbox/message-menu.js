/*
 * What can be done to a message: one menu and one dialog for all of them. Messages come alike to every agent; what is offered
 * to this one is decided here, and again by the server.
 */
const htmx = window.htmx;
const CLOSES = ["POST", "DELETE"];

export class MessageMenu {
  constructor(host, signal) {
    this.host = host;
    [this.menu, this.dialog] = [document.getElementById("message-menu"), document.getElementById("message-dialog")];
    host.addEventListener("click", (event) => this.aim(event), { capture: true, signal });
    host.addEventListener("click", ({ target }) => target.closest("[data-versions]") && this.fetch("versions"), { signal });
    document.addEventListener("htmx:after:swap", () => setTimeout(() => this.comeBack()), { signal });
    this.menu.addEventListener("toggle", ({ newState }) => this.opener?.setAttribute("aria-expanded", newState === "open"), { signal });
    host.addEventListener("click", (event) => this.follow(event), { signal });
    host.addEventListener("log:changed", () => this.rove(), { signal });
    host.addEventListener("keydown", (event) => this.step(event), { signal });
    this.menu.addEventListener("click", ({ target }) => this.do(target.closest("[data-does]")?.dataset.does), { signal });
    this.dialog.addEventListener("htmx:after:request", ({ detail }) => this.answered(detail.ctx), { signal });
  }

  /** The message whose menu, or whose history, is asked for. */
  aim({ target }) {
    const message = target.closest(".message");
    if (!message || !target.closest(".message__menu, [data-versions]")) return;
    this.message = message;
    for (const item of this.menu.querySelectorAll("[data-does=edit], [data-does=delete]")) item.hidden = !this.isMine;
  }

  /** Whether this reader may change it: their own, or as a moderator any agent's. */
  get isMine() {
    const [kind, id] = this.message.dataset.author.split(":");
    return Boolean(id) && kind !== "visitor" && (this.message.matches("[data-mine]") || this.host.dataset.can.includes("moderate"));
  }

  get buttons() {
    return [...this.host.querySelectorAll(".thread__log .message__menu")];
  }

  /** A thread is one stop of the Tab key, at its newest message; arrows lead to the others. */
  rove(here = document.activeElement) {
    const { buttons } = this;
    const stop = buttons.includes(here) ? here : buttons.at(-1);
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  step(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.target.matches(".message__menu")) return;
    event.preventDefault();
    const { buttons } = this;
    const next = buttons[buttons.indexOf(event.target) + by];
    if (!next) return;
    this.rove(next);
    next.focus();
  }

  /** From a quote to what it quotes, if that is on the page; else its address leads there. */
  follow(event) {
    const quote = event.target.closest("[data-quotes]");
    const quoted = quote && document.getElementById(quote.dataset.quotes);
    if (!quoted || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.host.querySelector("message-log").show(quoted);
  }

  get opener() {
    return this.message?.querySelector(".message__menu");
  }

  get address() {
    return `${this.host.dataset.root}/messages/${this.message.id.replace("message-", "")}`;
  }

  do(deed) {
    if (!deed) return;
    this.menu.hidePopover();
    if (deed === "quote") this.host.querySelector("reply-composer")?.quote(this.message);
    if (deed === "edit") this.fetch("text");
    if (deed === "delete") this.confirm();
  }

  async fetch(part) {
    await htmx.ajax("GET", `${this.address}/${part}`, { source: this.dialog, target: "#message-dialog-content", swap: "innerHTML" });
    this.show();
  }

  confirm() {
    const question = document.getElementById("message-deletion").content.cloneNode(true);
    question.querySelector("[data-deletes]").setAttribute("hx-delete", this.address);
    const content = document.getElementById("message-dialog-content");
    content.replaceChildren(question);
    htmx.process(content);
    this.show();
  }

  show() {
    if (!this.dialog.querySelector("#message-dialog-title") || this.dialog.open) return;
    this.dialog.showModal();
    this.dialog.querySelector("[autofocus]")?.focus();
  }

  answered({ request: { method }, response }) {
    if (!CLOSES.includes(method) || !response.raw.ok) return;
    this.dialog.close();
    this.isLeft = true;
  }

  /** The message has given way to the changed one: the focus goes there, or where the message was. */
  comeBack() {
    if (!this.isLeft) return;
    this.isLeft = false;
    const place = document.getElementById(this.message.id)?.querySelector(".message__menu") ?? this.host.querySelector("message-log");
    place?.focus({ preventScroll: true });
  }
}
