/* The contact panel folds away. Beside the thread the choice is remembered; over it, it waits to be asked for. */
const KEY = "contact-panel";
const beside = matchMedia("(min-width: 1181px)");

export class ContactPanel {
  constructor(host, signal) {
    this.host = host;
    host.dataset.contact = localStorage.getItem(KEY) ?? "open";
    host.addEventListener("click", (event) => event.target.closest("[data-toggles-contact]") && this.toggle(), { signal });
  }

  /** A conversation has been opened. */
  meet(id) {
    if (this.shown !== id && !beside.matches) this.host.dataset.contact = "folded";
    this.shown = id;
    this.mark();
  }

  toggle() {
    const choice = this.host.dataset.contact === "open" ? "folded" : "open";
    this.host.dataset.contact = choice;
    if (beside.matches) localStorage.setItem(KEY, choice);
    this.mark();
  }

  mark() {
    const isOpen = this.host.dataset.contact === "open";
    for (const button of this.host.querySelectorAll(".thread [data-toggles-contact]")) button.setAttribute("aria-pressed", isOpen);
  }
}
