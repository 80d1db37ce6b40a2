/* <theme-switch> around radios named "theme": light, dark or the system's. Kept in a cookie, so pages arrive right. */
const YEAR = 60 * 60 * 24 * 365;

customElements.define("theme-switch", class extends HTMLElement {
  connectedCallback() {
    const chosen = document.documentElement.dataset.theme ?? "system";
    const radio = this.querySelector(`[value="${chosen}"]`);
    if (radio) radio.checked = true;
    this.addEventListener("change", this.choose);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.choose);
  }

  choose(event) {
    const theme = event.target.value;
    const root = document.documentElement;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
  }
});
