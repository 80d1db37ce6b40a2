/*
 * One draft: a reply or a note that is not sent yet. What is typed lies in this tab at once, and on the server a moment
 * later, for other browsers. The latest wins there; what this tab has is never taken from it, only exchanged by hand.
 */
import { put } from "../lib/http.js";
import { keep, kept } from "../lib/store.js";

const PAUSE = 800;

export class Draft {
  /** `stored`: `{text, saved, seen}` as the page brought it. `onSaved()` hears that the server has another state. */
  constructor({ conversation, kind, url, stored, seen, onSaved }) {
    Object.assign(this, { kind, url, stored, seen, onSaved, key: `${conversation}:${kind}` });
    const typedHere = kept(`draft:${this.key}`);
    this.version = typedHere ? kept(`saved:${this.key}`) : stored.saved;
    this.text = typedHere || stored.text;
    if (typedHere && stored.saved && stored.saved !== this.version && stored.text !== typedHere) this.other = stored.text;
    if (typedHere && kept(`unsaved:${this.key}`)) this.later();
  }

  change(text) {
    this.text = text;
    keep(`draft:${this.key}`, text);
    keep(`unsaved:${this.key}`, true);
    if (text.trim()) this.later();
    else this.save();
  }

  /** What was typed leaves the box, to be sent: until it has arrived the server keeps it, too. What it was there. */
  release() {
    clearTimeout(this.timer);
    this.isWaiting = false;
    this.text = "";
    for (const what of ["draft", "unsaved"]) keep(`${what}:${this.key}`, null);
    this.isAskedAgain = this.isBusy;
    return this.version;
  }

  /** What was released has arrived, and with it went the draft of that version. */
  arrived(version) {
    if (version && this.version === version) this.note(null);
    else if (!this.text && this.version) this.save();
  }

  /** The other text of one's own for the one that is shown. */
  exchange() {
    const { text } = this;
    this.change(this.other);
    this.other = text;
  }

  later() {
    clearTimeout(this.timer);
    this.isWaiting = true;
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  /** The page goes, or another conversation comes. */
  leave() {
    if (this.isWaiting) this.save({ keepalive: true });
  }

  /** One at a time; what is typed meanwhile goes after it. What cannot be saved now is saved with the next word. */
  async save(options) {
    clearTimeout(this.timer);
    this.isWaiting = false;
    this.isAskedAgain = this.isBusy;
    if (this.isBusy) return;
    this.isBusy = true;
    do {
      this.isAskedAgain = false;
      const { text } = this;
      const answer = await put(this.url, { kind: this.kind, text, ...(this.kind === "reply" && { seen: this.seen() }) }, options).catch(() => null);
      if (!answer?.ok) continue;
      this.note((await answer.json()).saved_at);
      if (this.text === text) keep(`unsaved:${this.key}`, null);
    } while (this.isAskedAgain);
    this.isBusy = false;
  }

  note(version) {
    this.version = version;
    keep(`saved:${this.key}`, version);
    this.onSaved();
  }
}
