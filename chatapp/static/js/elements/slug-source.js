/* <slug-source> around a name and an address: writes the address from the name until somebody writes it themselves. */
customElements.define("slug-source", class extends HTMLElement {
  connectedCallback() {
    [this.name, this.slug] = this.querySelectorAll("input");
    this.isFree = this.slug.value === "";
    this.addEventListener("input", this.follow);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.follow);
  }

  follow(event) {
    if (event.target === this.slug) this.isFree = this.slug.value === "";
    else if (this.isFree) this.slug.value = slugOf(this.name.value);
  }
});

function slugOf(name) {
  const plain = name.normalize("NFD").replace(/\p{Mark}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 48);
}
