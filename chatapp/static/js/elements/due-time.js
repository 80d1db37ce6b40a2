/*
 * <due-time datetime="2026-11-23T10:30:00Z" data-late="%(span)s late" data-due="Due %(when)s">: what is left until then,
 * or by how much it is late. It counts by itself, and marks itself data-is-late, which colours the badge around it.
 */
const page = document.documentElement.lang;
const language = navigator.languages.find((wish) => wish.startsWith(page)) ?? page;
const MINUTE = 60_000;
const TICK = 10_000;

const unit = (name) => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" });
const [minutes, hours, days] = ["minute", "hour", "day"].map(unit);
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });

const alive = new Set();
setInterval(() => alive.forEach((element) => element.render()), TICK);

/** 12 min, 1 h 10 min, 2 days 3 h: never more than two units. */
function span(milliseconds) {
  const all = Math.max(1, Math.ceil(milliseconds / MINUTE));
  if (all < 60) return minutes.format(all);
  if (all < 24 * 60) return join(hours, Math.floor(all / 60), minutes, all % 60);
  return join(days, Math.floor(all / 1440), hours, Math.floor((all % 1440) / 60));
}

const join = (large, many, small, few) => large.format(many) + (few ? ` ${small.format(few)}` : "");

customElements.define("due-time", class extends HTMLElement {
  static observedAttributes = ["datetime"];

  connectedCallback() {
    alive.add(this);
    this.render();
  }

  disconnectedCallback() {
    alive.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.render();
  }

  render() {
    const when = new Date(this.getAttribute("datetime"));
    if (Number.isNaN(when.getTime())) return;
    const left = when - Date.now();
    const text = left > 0 ? span(left) : this.dataset.late.replace("%(span)s", span(-left));
    if (this.textContent !== text) this.textContent = text;
    this.toggleAttribute("data-is-late", left <= 0);
    this.title = this.dataset.due.replace("%(when)s", full.format(when));
  }
});
