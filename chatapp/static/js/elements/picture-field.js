/* <picture-field> around a form with one file: sends what is chosen or dropped at once; what is too large is not sent. */
customElements.define("picture-field", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.error = this.querySelector("[data-part=error]");
    for (const name of ["change", "dragover", "dragleave", "drop"]) this.addEventListener(name, this);
  }

  disconnectedCallback() {
    for (const name of ["change", "dragover", "dragleave", "drop"]) this.removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "change") return this.send();
    event.preventDefault();
    this.classList.toggle("is-over", event.type === "dragover");
    if (event.type !== "drop" || !event.dataTransfer.files.length) return;
    this.input.files = event.dataTransfer.files;
    this.send();
  }

  send() {
    const [file] = this.input.files;
    const isTooLarge = file?.size > Number(this.dataset.most);
    this.error.hidden = !isTooLarge;
    this.error.textContent = isTooLarge ? this.dataset.tooLarge : "";
    if (file && !isTooLarge) this.input.form.requestSubmit();
  }
});
