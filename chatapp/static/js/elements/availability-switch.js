/* <availability-switch data-save="/…"> around radios named "availability". What it leads to comes back as everybody's does. */
import { post } from "../lib/http.js";

customElements.define("availability-switch", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.choose);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.choose);
  }

  choose({ target }) {
    post(this.dataset.save, { availability: target.value });
  }
});
