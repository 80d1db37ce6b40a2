/* <follow-switch> offers to follow a conversation, or to stop: data-participants says who does, the page who one is. */
const htmx = window.htmx;

customElements.define("follow-switch", class extends HTMLElement {
  connectedCallback() {
    this.me = this.closest("[data-me]").dataset.me;
    const isIn = this.dataset.participants.split(" ").includes(this.me);
    this.querySelector("[data-joins]").hidden = isIn;
    this.querySelector("[data-leaves]").hidden = !isIn;
    this.addEventListener("click", this.press);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.press);
  }

  press({ target }) {
    const button = target.closest("[data-joins], [data-leaves]");
    if (button) htmx.ajax("joins" in button.dataset ? "PUT" : "DELETE", `${this.dataset.root}/${this.me}`, { source: button, target: button, swap: "none" });
  }
});
