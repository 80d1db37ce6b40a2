/*
 * <send-later> is the menu beside Send. It sends the composer's text and files, with a moment; they leave the composer only
 * when the server has taken them. What is refused is told in the menu.
 */
import { post } from "../lib/http.js";

const htmx = window.htmx;

customElements.define("send-later", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.submit);
    this.addEventListener("toggle", this.renew);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.submit);
    this.removeEventListener("toggle", this.renew);
  }

  get composer() {
    return this.closest(".thread").querySelector("reply-composer");
  }

  /** One number for each opening of the menu: pressing twice schedules once. */
  renew({ newState }) {
    if (newState === "open") this.number = crypto.randomUUID();
  }

  async submit(event) {
    event.preventDefault();
    const { target: form, submitter } = event;
    const { composer } = this;
    if (this.isBusy || composer.tray.waits(() => form.requestSubmit(submitter))) return;
    const values = new URLSearchParams(new FormData(form));
    if (submitter?.name) {
      values.set(submitter.name, submitter.value);
      values.delete("day");
    }
    values.set("text", composer.text.value.trim());
    values.set("client_id", this.number);
    const files = composer.tray.take();
    for (const { id } of files) values.append("attachment_ids", id);
    this.isBusy = true;
    const answer = await post(form.action, values).catch(() => null);
    this.isBusy = false;
    if (answer?.ok) return this.done(answer, await answer.text());
    composer.tray.put(files);
    this.refuse(answer ? await answer.text() : "");
  }

  async done(answer, html) {
    this.hidePopover();
    this.composer.text.value = "";
    this.composer.save();
    await htmx.swap({ sourceElement: document.body, target: document.body, swap: "none", text: html });
    const { toast } = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}");
    if (toast) document.dispatchEvent(new CustomEvent("toast", { detail: toast }));
    this.composer.text.focus();
  }

  refuse(html) {
    const place = this.querySelector("#send-later-moments");
    if (html.includes("send-later-error")) {
      place.replaceChildren(document.createRange().createContextualFragment(html));
      place.querySelector("[aria-invalid], .menu__item")?.focus();
    } else {
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: this.dataset.unreachable, tone: "danger" } }));
    }
  }
});
