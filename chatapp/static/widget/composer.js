/** Where the visitor writes. The text leaves the box only when the outbox has it. */
import { find, later, sentence } from './page.js';

const NEAR = 200; // letters: from here on the visitor is told how many are left
const form = find('.write');
const box = find('.write__text');
const note = find('#write-note');
const input = find('.write input');

export class Composer {
  #typedAt = 0;
  #tray = null;

  /** @param upload (file, onProgress) → what the server says of it */
  constructor({ onSend, onTyping, upload }) {
    this.upload = upload;
    form.addEventListener('submit', (event) => { event.preventDefault(); this.#submit(onSend); });
    box.addEventListener('keydown', (event) => {
      const sends = event.key === 'Enter' && !event.shiftKey && !event.isComposing && !matchMedia('(pointer: coarse)').matches;
      if (sends) { event.preventDefault(); form.requestSubmit(); }
    });
    box.addEventListener('input', () => this.#typed(onTyping));
    this.#takeFiles();
  }

  /** There is one box, and it goes where the visitor is: what was typed goes with it. */
  moveTo(place) {
    place.append(form);
  }

  focus() {
    box.focus({ preventScroll: true });
  }

  /** Puts words into the visitor's mouth, who sends them or not. */
  fill(text) {
    box.value = text;
    this.#tooLong();
  }

  choose() {
    input.click();
  }

  complain(text, isQuiet = false) {
    note.role = isQuiet ? 'status' : 'alert';
    note.classList.toggle('write__note--quiet', isQuiet);
    note.hidden = !text;
    note.textContent = text || '';
  }

  #takeFiles() {
    input.onchange = () => { this.#attach(input.files); input.value = ''; };
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => { event.preventDefault(); this.#attach(event.dataTransfer.files); });
    form.addEventListener('paste', (event) => {
      const { files, types } = event.clipboardData;
      if (!files.length || types.includes('text/plain')) return;
      event.preventDefault();
      this.#attach(files);
    });
  }

  async #attach(files) {
    files = [...files];
    this.#tray ??= later('tray').then(({ Tray }) => new Tray(this.upload));
    try {
      await (await this.#tray).add(files);
    } catch (problem) {
      this.#tray = null;
      this.complain(problem.message);
    }
  }

  async #submit(onSend) {
    const tray = await this.#tray;
    const text = box.value.trim();
    if (this.#tooLong() || tray?.waits(() => form.requestSubmit())) return;
    const address = form.elements.email;
    if (address && !address.checkValidity()) { this.complain(address.dataset.problem); address.focus(); return; }
    const files = tray?.take() ?? [];
    if (!text && !files.length) return;
    box.value = '';
    this.complain();
    this.#typedAt = 0;
    onSend(text, files, address?.value.trim());
    this.focus();
  }

  #typed(onTyping) {
    this.#tooLong();
    if (!box.value.trim() || Date.now() - this.#typedAt < 3000) return;
    this.#typedAt = Date.now();
    onTyping();
  }

  #tooLong() {
    const excess = [...box.value.trim()].length - form.dataset.longest;
    if (excess > 0) this.complain(sentence('tooLong', { excess }));
    else this.complain(excess > -NEAR && sentence('left', { count: -excess }), true);
    box.ariaInvalid = excess > 0;
    return excess > 0;
  }
}
