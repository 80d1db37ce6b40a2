/*
 * <widget-preview> around a form and a stage: sends the form while it is typed in, and shows the widget as it would look.
 * The next picture is drawn behind the one that is seen, and takes its place when it is ready.
 */
import { post } from "../lib/http.js";

const PAUSE = 250;
const PATIENCE = 4000;
const SHOWN = ["screen", "lamp", "language"];

customElements.define("widget-preview", class extends HTMLElement {
  connectedCallback() {
    this.form = document.getElementById(this.dataset.form);
    this.stage = this.querySelector("[data-part=stage]");
    this.saved = this.typed();
    this.draft = "";
    this.addEventListener("input", this);
    this.addEventListener("change", this);
    if (this.querySelector("[aria-invalid]")) this.ask();
    this.show();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
    this.removeEventListener("change", this);
    clearTimeout(this.pause);
    clearTimeout(this.patience);
  }

  handleEvent({ type, target }) {
    if (type === "change" && SHOWN.includes(target.name)) this.show();
    if (type !== "input" || target.form !== this.form || target.name === "language") return;
    document.getElementById("unsaved").hidden = this.typed() === this.saved;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.ask(), PAUSE);
  }

  typed() {
    const values = new FormData(this.form);
    values.delete("language");
    return new URLSearchParams(values).toString();
  }

  /** What is typed becomes a draft, unless something is wrong with it; the latest question wins. */
  async ask() {
    const question = this.typed();
    this.question = question;
    const response = await post(this.dataset.ask, new FormData(this.form)).catch(() => null);
    if (this.question !== question || ![200, 422].includes(response?.status)) return;
    const parts = new DOMParser().parseFromString(await response.text(), "text/html").body.children;
    for (const part of [...parts]) document.getElementById(part.id)?.replaceWith(part);
    const { draft } = document.getElementById("problems").dataset;
    if (!draft) return;
    this.draft = draft;
    this.show();
  }

  show() {
    const [screen, scheme, locale] = SHOWN.map((name) => this.querySelector(`[name=${name}]:checked`)?.value ?? "");
    const frame = document.createElement("iframe");
    const wish = new URLSearchParams({ draft: this.draft, screen, scheme, locale });
    Object.assign(frame, { src: `${this.dataset.site}?${wish}`, className: "preview__site is-coming", inert: true, tabIndex: -1, title: "" });
    frame.ariaHidden = "true";
    this.querySelectorAll(".is-coming").forEach((other) => other.remove());
    frame.addEventListener("drawn", () => this.uncover(frame));
    if (screen === "closed") frame.addEventListener("load", () => this.uncover(frame));
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.uncover(frame), PATIENCE);
    this.stage.append(frame);
  }

  uncover(frame) {
    if (!frame.isConnected) return;
    frame.classList.remove("is-coming");
    for (const other of [...this.stage.children]) if (other !== frame) other.remove();
  }
});
