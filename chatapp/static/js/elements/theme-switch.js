/*
 * <theme-switch data-save="/…"> around radios named "theme": light, dark or the system's. It takes effect at once, is kept
 * in a cookie for the pages before the door and, with data-save, with the account.
 */
import { post } from "../lib/http.js";

const YEAR = 60 * 60 * 24 * 365;

customElements.define("theme-switch", class extends HTMLElement {
  connectedCallback() {
    const radio = this.querySelector(`[value="${document.documentElement.dataset.theme}"]`);
    if (radio) radio.checked = true;
    this.addEventListener("change", this.choose);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.choose);
  }

  choose(event) {
    const theme = event.target.value;
    document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
    if (this.dataset.save) post(this.dataset.save, { theme });
  }
});
