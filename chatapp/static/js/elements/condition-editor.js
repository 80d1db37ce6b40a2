/* <condition-editor> around lists of conditions that the server draws: [data-remove] takes its [data-row] away, a row that the server brought gets the focus, and "rules:changed" tells that something is another one now. */
customElements.define("condition-editor", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const listen = (name, handle) => this.addEventListener(name, handle, { signal: this.end.signal });
    listen("click", (event) => this.press(event));
    listen("input", () => this.tell());
    listen("htmx:after:swap", () => this.swapped());
    this.known = new Set(this.rows);
  }

  disconnectedCallback() {
    this.end.abort();
  }

  get rows() {
    return [...this.querySelectorAll("[data-row]")];
  }

  press({ target }) {
    const row = target.closest("[data-remove]")?.closest("[data-row]");
    if (!row) return;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("select") ?? this.querySelector("[data-adds]")).focus();
    this.tell();
  }

  /** One is new, or was drawn anew for another field. */
  swapped() {
    const fresh = this.rows.find((row) => !this.known.has(row));
    if (!fresh) return;
    this.known = new Set(this.rows);
    fresh.querySelector("select").focus();
    this.tell();
  }

  tell() {
    this.dispatchEvent(new CustomEvent("rules:changed", { bubbles: true }));
  }
});
