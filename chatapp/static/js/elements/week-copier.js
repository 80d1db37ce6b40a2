/* <week-copier> around seven <row-list data-day>: [data-copies="0 1 2" data-from="3"] gives those days the hours of that one. */
customElements.define("week-copier", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.press);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.press);
  }

  press({ target }) {
    const item = target.closest("[data-copies]");
    if (!item) return;
    item.closest("[popover]").hidePopover();
    const hours = times(this.day(item.dataset.from));
    for (const day of item.dataset.copies.split(" ")) if (day !== item.dataset.from) fill(this.day(day), hours);
  }

  day(number) {
    return this.querySelector(`row-list[data-day="${number}"]`);
  }
});

const times = (day) => [...day.rows.children].map((row) => [...row.querySelectorAll("input")].map((input) => input.value));

function fill(day, hours) {
  day.rows.replaceChildren();
  for (const ends of hours) day.add().querySelectorAll("input").forEach((input, place) => (input.value = ends[place]));
}
