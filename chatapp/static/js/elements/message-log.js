/*
 * <message-log> scrolls the <ol> of a thread. It groups neighbours of one author, draws the days, ticks what the visitor
 * has read, and holds still what is being read: at the newest message it stays there, elsewhere nothing moves.
 */
import { drawDays, greet, group, own, tick } from "../inbox/thread.js";

const NEAR = 48;

customElements.define("message-log", class extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol");
    this.isAtEnd = true;
    this.observer = new MutationObserver(() => this.arrange());
    this.sizes = new ResizeObserver(() => this.settle());
    this.addEventListener("scroll", this.remember, { passive: true });
    this.newest?.addEventListener("click", () => this.toEnd());
    this.arrange();
    this.show(document.getElementById(this.dataset.at));
    this.sizes.observe(this);
    this.sizes.observe(this.list);
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.sizes.disconnect();
    this.removeEventListener("scroll", this.remember);
  }

  get newest() {
    return this.parentElement?.querySelector("[data-to-newest]");
  }

  arrange() {
    this.observer.disconnect();
    const last = this.list.lastElementChild;
    greet(this.list);
    drawDays(this.list);
    group(this.list);
    own(this.list);
    tick(this.list);
    this.settle();
    if (this.last && last !== this.last && !this.isAtEnd && this.newest) this.newest.hidden = false;
    this.last = last;
    this.observer.observe(this.list, { childList: true, attributes: true, attributeFilter: ["data-read"] });
    this.dispatchEvent(new CustomEvent("log:changed", { bubbles: true }));
  }

  settle() {
    if (this.isAtEnd) this.scrollTop = this.scrollHeight;
    else if (this.anchor?.element.isConnected) this.scrollTop += this.anchor.element.offsetTop - this.anchor.top;
    this.remember();
  }

  /** Where we are: at the end, or at the first line that is in sight. */
  remember() {
    this.isAtEnd = this.scrollHeight - this.scrollTop - this.clientHeight < NEAR;
    const element = [...this.list.children].find((line) => line.offsetTop + line.offsetHeight > this.scrollTop && line.id.startsWith("message-"));
    this.anchor = element && { element, top: element.offsetTop };
    if (this.isAtEnd && this.newest) this.newest.hidden = true;
  }

  /** Go to a message that was looked for. */
  show(line) {
    if (!line) return;
    this.isAtEnd = false;
    line.classList.add("is-found");
    line.scrollIntoView({ block: "center" });
    this.remember();
  }

  toEnd() {
    this.isAtEnd = true;
    this.settle();
  }
});
