/* <canned-picker> in the composer: a "/" that begins a word offers canned replies, and shows the chosen one whole. */
import { post } from "../lib/http.js";
import { Picker } from "../lib/picker.js";

customElements.define("canned-picker", class extends Picker {
  sign = "/";
  call = /(?:^|\s)\/([^\s/]*)$/;

  select(option) {
    super.select(option);
    const preview = this.querySelector("[data-preview]");
    preview.hidden = !option;
    preview.textContent = option?.dataset.text ?? "";
  }

  insert(option) {
    super.insert(option);
    post(option.dataset.uses, {}).catch(() => {}); // a number that is lost is no harm
  }
});
