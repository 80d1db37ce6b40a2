/*
 * <toast-area> shows what the server says through `HX-Trigger: {"toast": {"text": "…", "tone": "success"}}`.
 * The shape of a toast is the <template> inside. It stays while the pointer is on it.
 */
const SECONDS = { success: 5, danger: 12 };

customElements.define("toast-area", class extends HTMLElement {
  connectedCallback() {
    this.listener = ({ detail }) => this.add(detail);
    document.addEventListener("toast", this.listener);
  }

  disconnectedCallback() {
    document.removeEventListener("toast", this.listener);
  }

  add({ text, value, tone = "success" }) {
    const template = this.querySelector(`template[data-tone="${tone}"]`) ?? this.querySelector("template");
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.querySelector(".toast__text").textContent = text ?? value;
    this.append(toast);
    this.leave(toast, SECONDS[tone] ?? 6);
  }

  leave(toast, seconds) {
    setTimeout(() => (toast.matches(":hover, :focus-within") ? this.leave(toast, 2) : toast.remove()), seconds * 1000);
  }
});
