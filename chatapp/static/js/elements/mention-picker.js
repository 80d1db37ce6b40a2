/* <mention-picker> beside the text of a note: an "@" that begins a word offers colleagues and teams. A name may be of two words. */
import { Picker } from "../lib/picker.js";

customElements.define("mention-picker", class extends Picker {
  sign = "@";
  call = /(?:^|[\s(])@((?:[^\s@]+(?: [^\s@]+)?)?)$/;

  /** Replies are for visitors: nobody is called there. */
  get counts() {
    return this.closest("reply-composer")?.mode !== "reply";
  }

  get isBeside() {
    return !this.chosen && this.called.includes(" ");
  }
});
