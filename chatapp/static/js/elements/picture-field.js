/* <picture-field> around a form with one file: sends what is chosen or dropped at once; what is too large is not sent.
   The page comes back as the server has it, so what was typed beside the picture and not saved is carried over. */
import { keep, kept } from "../lib/store.js";

const EVENTS = ["change", "dragover", "dragleave", "drop", "submit"];
const BESIDE = "form.form :is(input:not([type=hidden], [type=password], [type=file]), select, textarea)";

customElements.define("picture-field", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.error = this.querySelector("[data-part=error]");
    this.key = `beside:${this.querySelector("form").action}`;
    for (const name of EVENTS) this.addEventListener(name, this);
    this.bringBack();
  }

  disconnectedCallback() {
    for (const name of EVENTS) this.removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "change") return this.send();
    if (event.type === "submit") return keep(this.key, [...document.querySelectorAll(BESIDE)].map(valueOf));
    event.preventDefault();
    this.classList.toggle("is-over", event.type === "dragover");
    if (event.type !== "drop" || !event.dataTransfer.files.length) return;
    this.input.files = event.dataTransfer.files;
    this.send();
  }

  send() {
    const [file] = this.input.files;
    const isTooLarge = file?.size > Number(this.dataset.most);
    this.error.hidden = !isTooLarge;
    this.error.textContent = isTooLarge ? this.dataset.tooLarge : "";
    if (file && !isTooLarge) this.input.form.requestSubmit();
  }

  bringBack() {
    const values = kept(this.key) ?? [];
    keep(this.key, null);
    const fields = document.querySelectorAll(BESIDE);
    if (fields.length === values.length) fields.forEach((field, number) => bring(field, values[number]));
  }
});

function valueOf(field) {
  return field[whatTells(field)];
}

function bring(field, value) {
  field[whatTells(field)] = value;
}

function whatTells(field) {
  return ["checkbox", "radio"].includes(field.type) ? "checked" : "value";
}
