/* <colour-field> around a text box for #rrggbb: buttons with data-colour and the browser's own picker fill it in. */
customElements.define("colour-field", class extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("input:not([type=color])");
    this.any = this.querySelector("[data-part=any]");
    this.addEventListener("click", this);
    this.addEventListener("input", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
    this.removeEventListener("input", this);
  }

  handleEvent({ type, target }) {
    const colour = type === "click" ? target.closest("[data-colour]")?.dataset.colour : target === this.any ? target.value : null;
    if (colour) {
      this.text.value = colour;
      this.text.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (target === this.text) this.follow(target.value.trim().toLowerCase());
  }

  follow(colour) {
    if (/^#[0-9a-f]{6}$/.test(colour)) this.any.value = colour;
    for (const button of this.querySelectorAll("[data-colour]")) button.ariaPressed = button.dataset.colour === colour;
  }
});
