/* <language-switch> around the language form: before there is an account the choice is a cookie, not a request. */
const YEAR = 60 * 60 * 24 * 365;

customElements.define("language-switch", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.choose);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.choose);
  }

  choose(event) {
    const { cookie } = event.target.dataset;
    if (!cookie) return;
    event.preventDefault();
    document.cookie = `${cookie}=${event.submitter.value}; path=/; max-age=${YEAR}; samesite=lax`;
    location.reload();
  }
});
