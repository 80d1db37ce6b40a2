/* <notification-list> around a page's lines: what somebody follows is read; what comes meanwhile is offered, never pushed in. */
import { post } from "../lib/http.js";

customElements.define("notification-list", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    this.addEventListener("click", (event) => this.follow(event), { signal });
    document.addEventListener("bell:news", ({ target }) => this.offer(target.dataset.latest), { signal });
  }

  disconnectedCallback() {
    this.end.abort();
  }

  follow({ target }) {
    const line = target.closest("a[data-read]");
    if (line) post(line.dataset.read, {}, { keepalive: true }).catch(() => null);
  }

  offer(latest) {
    if (latest > this.dataset.latest) this.querySelector("[data-newer]").hidden = false;
  }
});
