/* <row-list> around a [data-rows] list and a <template>: [data-add] puts a copy of the template at the end, [data-remove] takes its [data-row] away. */
customElements.define("row-list", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.press);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.press);
  }

  get rows() {
    return this.querySelector("[data-rows]");
  }

  press({ target }) {
    if (target.closest("[data-add]")) this.add().querySelector("input").focus();
    const remover = target.closest("[data-remove]");
    if (!remover) return;
    remover.closest("[data-row]").remove();
    this.querySelector("[data-add]").focus();
  }

  /** A new row, in its place. */
  add() {
    this.rows.append(this.querySelector("template").content.cloneNode(true));
    return this.rows.lastElementChild;
  }
});
