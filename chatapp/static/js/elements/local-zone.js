/* <local-zone> around a text box for a time zone: proposes the browser's own while nothing is written there. */
customElements.define("local-zone", class extends HTMLElement {
  connectedCallback() {
    this.querySelector("input").value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  }
});
