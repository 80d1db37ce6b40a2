/* <alert-switches> around the switches "desktop" and "sound": how this browser, and no other, tells of new messages. */
const KEY = "alerts";
let here = {}; // where storage is refused it holds until the page goes

/** What was chosen here: {desktop, sound}. */
export function alerts() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? here;
  } catch {
    return here;
  }
}

customElements.define("alert-switches", class extends HTMLElement {
  connectedCallback() {
    const chosen = alerts();
    this.box("desktop").checked = Boolean(chosen.desktop) && globalThis.Notification?.permission === "granted";
    this.box("sound").checked = Boolean(chosen.sound);
    this.addEventListener("change", this.choose);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.choose);
  }

  box(name) {
    return this.querySelector(`[name="${name}"]`);
  }

  async choose({ target: { name, checked } }) {
    const isAllowed = name !== "desktop" || !checked || (await globalThis.Notification?.requestPermission()) === "granted";
    this.querySelector("[data-refused]").hidden = isAllowed;
    this.box(name).checked = checked && isAllowed;
    here = { ...alerts(), [name]: checked && isAllowed };
    try {
      localStorage.setItem(KEY, JSON.stringify(here));
    } catch {
      // this page remembers it
    }
  }
});
