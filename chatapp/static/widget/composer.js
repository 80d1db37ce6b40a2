/** Where the visitor writes. The text leaves the box only when the outbox has it. */
import { find, sentence } from './page.js';
import { Tray } from './tray.js';

const LONGEST = 4000;
const form = find('.write');
const box = find('.write__text');
const note = find('#write-note');

export class Composer {
  #typedAt = 0;

  constructor({ onSend, onTyping, upload }) {
    this.tray = new Tray(upload);
    form.addEventListener('submit', (event) => { event.preventDefault(); this.#submit(onSend); });
    box.addEventListener('keydown', (event) => {
      const sends = event.key === 'Enter' && !event.shiftKey && !event.isComposing && !matchMedia('(pointer: coarse)').matches;
      if (sends) { event.preventDefault(); form.requestSubmit(); }
    });
    box.addEventListener('input', () => this.#typed(onTyping));
  }

  /** There is one box, and it goes where the visitor is: what was typed goes with it. */
  moveTo(place) {
    place.append(form);
  }

  focus() {
    box.focus({ preventScroll: true });
  }

  #submit(onSend) {
    const text = box.value.trim();
    if (this.#tooLong() || this.tray.waits(() => form.requestSubmit())) return;
    const files = this.tray.take();
    if (!text && !files.length) return;
    box.value = '';
    this.#typedAt = 0;
    onSend(text, files);
    this.focus();
  }

  #typed(onTyping) {
    this.#tooLong();
    if (!box.value.trim() || Date.now() - this.#typedAt < 3000) return;
    this.#typedAt = Date.now();
    onTyping();
  }

  #tooLong() {
    const excess = [...box.value.trim()].length - LONGEST;
    note.hidden = excess <= 0;
    note.textContent = excess > 0 ? sentence('tooLong', { excess }) : '';
    box.ariaInvalid = excess > 0;
    return excess > 0;
  }
}
