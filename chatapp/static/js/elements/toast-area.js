/*
 * <toast-area> shows what the server says through `HX-Trigger: {"toast": {"text": "…", "tone": "success", "undo": "/…"}}`.
 * The shape of a toast is the <template> inside. It stays while the pointer or the focus is on it. `undo` is an address to
 * post to: the button takes back what was done, and so does the key of the newest one.
 */
const htmx = window.htmx;
const SECONDS = { success: 5, danger: 12, undo: 7 };
const AGAIN = 3; // for somebody who has just looked at it
const MOST = 3;

customElements.define("toast-area", class extends HTMLElement {
  connectedCallback() {
    this.end = new AbortController();
    const { signal } = this.end;
    document.addEventListener("toast", ({ detail }) => this.add(detail), { signal });
    document.addEventListener("undone", () => document.querySelector("inbox-live") ?? location.reload(), { signal });
    this.addEventListener("click", ({ target }) => this.undo(target.closest("[data-undo]")), { signal });
    this.observer = new MutationObserver(() => this.arrange());
    this.observer.observe(this, { childList: true });
    for (const toast of this.toasts) this.stay(toast);
    this.arrange();
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.end.abort();
  }

  get toasts() {
    return [...this.querySelectorAll(".toast")];
  }

  add({ text, value, tone = "success", undo }) {
    const template = this.querySelector(`template[data-tone="${tone}"]`) ?? this.querySelector("template");
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.querySelector(".toast__text").textContent = text ?? value;
    if (undo) toast.querySelector("[data-undo]").dataset.undo = undo;
    else toast.querySelector("[data-undo]").remove();
    this.append(toast);
    for (const old of this.toasts.slice(0, -MOST)) old.remove();
    this.stay(toast, SECONDS[undo ? "undo" : tone]);
  }

  /** Until its time is over; the clock stands still while somebody is there. */
  stay(toast, seconds = toast.querySelector("[data-undo]") ? SECONDS.undo : SECONDS.success) {
    let timer;
    const wait = (time) => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), time * 1000);
    };
    const isHeld = () => toast.matches(":hover, :focus-within");
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => queueMicrotask(() => isHeld() || wait(AGAIN)));
    wait(seconds);
  }

  /** The key belongs to what was done last. */
  arrange() {
    const offers = [...this.querySelectorAll(".toast [data-undo]")];
    offers.forEach((offer, place) => {
      if (place === offers.length - 1) offer.dataset.key = "z";
      else delete offer.dataset.key;
    });
  }

  /** Gone at once, so that it is pressed once. What became of it, the answer says. */
  undo(offer) {
    if (!offer) return;
    const { undo } = offer.dataset;
    offer.closest(".toast").remove();
    htmx.ajax("POST", undo, { source: this, target: this, swap: "none" });
  }
});
