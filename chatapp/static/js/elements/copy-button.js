/* <copy-button for="id"> around a button: copies that element's text and says so for a moment. */
customElements.define("copy-button", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.copy);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.copy);
    clearTimeout(this.reverting);
  }

  async copy() {
    const source = document.getElementById(this.getAttribute("for"));
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      this.say("copied");
    } catch {
      getSelection().selectAllChildren(source); // not allowed to: leave it selected for the person's own Ctrl-C
    }
  }

  say(state) {
    this.dataset.state = state;
    this.querySelector("[role=status]").textContent = this.dataset.copied;
    clearTimeout(this.reverting);
    this.reverting = setTimeout(() => {
      delete this.dataset.state;
      this.querySelector("[role=status]").textContent = "";
    }, 2000);
  }
});
