/*
 * <file-tray> in the composer: files that are chosen, dropped or pasted go to the server at once, each with its progress,
 * and wait here for the message. Reply and note have each their own; what has arrived survives a reload.
 */
import { keep, kept } from "../lib/store.js";
import { upload } from "../lib/upload.js";

const DRAGS = ["dragenter", "dragover", "dragleave", "drop"];
const UNITS = [["megabyte", 1e6], ["kilobyte", 1e3]];

function size(bytes) {
  const [unit, amount] = UNITS.find(([, least]) => bytes >= least) ?? [];
  if (!unit) return `${bytes} B`;
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: bytes < 10 * amount ? 1 : 0 }).format(bytes / amount);
}

customElements.define("file-tray", class extends HTMLElement {
  static observedAttributes = ["data-kind"];

  items = [];

  connectedCallback() {
    this.gone = new AbortController();
    const { signal } = this.gone;
    const [composer, thread, input] = [this.closest("reply-composer"), this.closest(".thread"), this.querySelector("input")];
    composer.addEventListener("click", ({ target }) => target.closest("[data-attach]") && input.click(), { signal });
    composer.addEventListener("paste", (event) => this.paste(event), { signal });
    input.addEventListener("change", () => { this.add(input.files); input.value = ""; }, { signal });
    for (const name of DRAGS) thread.addEventListener(name, (event) => this.drag(event, thread), { signal });
    this.draw();
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  attributeChangedCallback() {
    const before = this.items.filter(({ mode }) => mode !== this.dataset.kind);
    if (!this.items.some(({ mode }) => mode === this.dataset.kind)) before.push(...this.stored());
    else before.push(...this.mine);
    this.items = before;
    this.draw();
  }

  get mine() {
    return this.items.filter(({ mode }) => mode === this.dataset.kind);
  }

  get key() {
    return `files:${this.dataset.conversation}:${this.dataset.kind}`;
  }

  stored() {
    return (kept(this.key) ?? []).map((facts) => ({ ...facts, mode: this.dataset.kind, state: "ready" }));
  }

  /** Whether the message has to wait: until all has arrived, which then calls back, or until somebody looks at what failed. */
  waits(callBack) {
    const states = this.mine.map(({ state }) => state);
    this.callBack = states.includes("sending") ? callBack : null;
    return states.some((state) => state !== "ready");
  }

  /** What goes with the message; the tray is empty then. */
  take() {
    const files = this.mine.map(({ id, name, size, kind }) => ({ id, name, size, kind }));
    this.items = this.items.filter(({ mode }) => mode !== this.dataset.kind);
    this.changed();
    return files;
  }

  put(files) {
    this.items.push(...files.map((facts) => ({ ...facts, mode: this.dataset.kind, state: "ready" })));
    this.changed();
  }

  paste(event) {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return; // a spreadsheet's cells come as a picture, too
    event.preventDefault();
    this.add(files);
  }

  drag(event, thread) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const leaves = event.type === "drop" || (event.type === "dragleave" && !thread.contains(event.relatedTarget));
    thread.classList.toggle("is-dropping", !leaves);
    if (event.type === "drop") this.add(event.dataTransfer.files);
  }

  add(files) {
    for (const file of files) this.send({ name: file.name, size: file.size, mode: this.dataset.kind }, file);
    this.closest("form").querySelector("textarea").focus();
  }

  async send(item, file) {
    const refusal = this.refusal(file);
    Object.assign(item, { state: refusal ? "failed" : "sending", note: refusal, abort: new AbortController() });
    this.items.push(item);
    this.draw();
    if (refusal) return;
    const onProgress = (done) => { item.bar.value = done; };
    try {
      Object.assign(item, await upload(this.dataset.url, file, { onProgress, signal: item.abort.signal }), { state: "ready" });
    } catch ({ message }) {
      Object.assign(item, { state: "failed", note: message || this.dataset.unreachable });
    }
    this.changed();
    this.goOn();
  }

  refusal({ size }) {
    if (this.mine.length >= Number(this.dataset.most)) return this.dataset.tooMany;
    return size > Number(this.dataset.largest) ? this.dataset.tooLarge : "";
  }

  goOn() {
    const { callBack } = this;
    if (!callBack || this.mine.some(({ state }) => state !== "ready")) return;
    this.callBack = null;
    callBack();
  }

  remove(item) {
    item.abort?.abort();
    this.items = this.items.filter((other) => other !== item);
    this.changed();
    this.goOn();
  }

  changed() {
    const ready = this.mine.filter(({ state }) => state === "ready").map(({ id, name, size, kind }) => ({ id, name, size, kind }));
    keep(this.key, ready.length ? ready : null);
    this.draw();
  }

  draw() {
    const list = this.querySelector("ul");
    list?.replaceChildren(...this.mine.map((item) => this.chip(item)));
  }

  chip(item) {
    const chip = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const [name, note, picture] = ["name", "note", "picture"].map((part) => chip.querySelector(`[data-${part}]`));
    item.bar = chip.querySelector("progress");
    chip.dataset.state = item.state;
    name.textContent = chip.title = item.name;
    note.textContent = item.note || (item.state === "ready" ? size(item.size) : "");
    if (item.kind === "image") picture.replaceChildren(Object.assign(new Image(), { src: `${this.dataset.files}${item.id}?size=small`, alt: "" }));
    const button = chip.querySelector("button");
    button.ariaLabel = button.ariaLabel.replace("…", item.name);
    button.addEventListener("click", () => this.remove(item));
    return chip;
  }
});
