/* <growing-text> around a textarea: grows with what is typed, where the browser cannot do it by CSS alone. */
const isNative = CSS.supports("field-sizing", "content");

customElements.define("growing-text", class extends HTMLElement {
  connectedCallback() {
    if (isNative) return;
    this.addEventListener("input", this.fit);
    this.fit();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.fit);
  }

  fit() {
    const text = this.querySelector("textarea");
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  }
});
