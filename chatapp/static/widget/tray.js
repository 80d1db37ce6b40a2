/** Files for the next message: each goes to the server as soon as it is chosen, and waits here until the visitor sends. */
import { bytes } from './files.js';
import { find, sentence, stamp } from './page.js';

const LARGEST = 25 * 1024 * 1024;
const MOST = 10;
const list = find('.tray');
const input = find('.write input');

export class Tray {
  #items = [];
  #then = null;

  /** @param upload (file, onProgress) → what the server says of it */
  constructor(upload) {
    this.upload = upload;
    input.onchange = () => { this.add(input.files); input.value = ''; };
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => { event.preventDefault(); this.add(event.dataTransfer.files); });
    find('.write').addEventListener('paste', (event) => {
      const { files, types } = event.clipboardData;
      if (!files.length || types.includes('text/plain')) return;
      event.preventDefault();
      this.add(files);
    });
  }

  choose() {
    input.click();
  }

  async add(files) {
    await Promise.all([...files].map((file) => this.#send(file)));
    if (this.#then && !this.waits(this.#then)) { const then = this.#then; this.#then = null; then(); }
  }

  /** Whether the message has to wait: until all has arrived, which then goes on, or until the visitor looks at what failed. */
  waits(then) {
    this.#then = this.#items.some(({ bar }) => !bar.hidden) ? then : null;
    return this.#items.some(({ facts }) => !facts);
  }

  /** What goes with the message; the tray is empty then. */
  take() {
    const files = this.#items.map(({ facts }) => facts);
    this.#items = [];
    list.replaceChildren();
    return files;
  }

  async #send(file) {
    const { node, parts } = stamp('chip');
    const item = { bar: parts.bar };
    const fail = (reason) => { parts.note.textContent = reason; node.classList.add('chip--failed'); };
    parts.name.textContent = file.name;
    parts.remove.ariaLabel += ` ${file.name}`;
    parts.remove.onclick = () => { node.remove(); this.#items = this.#items.filter((other) => other !== item); };
    list.append(node);
    this.#items.push(item);
    try {
      if (this.#items.length > MOST || file.size > LARGEST) throw new Error(sentence(file.size > LARGEST ? 'fileTooLarge' : 'tooManyFiles'));
      item.facts = await this.upload(file, (done) => { parts.bar.value = done; });
      parts.note.textContent = bytes(file.size);
    } catch ({ message }) {
      fail(message);
    }
    parts.bar.hidden = true;
  }
}
