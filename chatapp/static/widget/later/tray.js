/** Files for the next message: each goes to the server as soon as it is chosen, and waits here until the visitor sends. */
import { bytes } from './files.js';
import { find, sentence, stamp } from '../page.js';

const { files: most, bytes: largest } = find('.write').dataset;
const list = find('.tray');

export class Tray {
  #items = [];
  #then = null;

  /** @param upload (file, onProgress) → what the server says of it */
  constructor(upload) {
    this.upload = upload;
  }

  async add(files) {
    await Promise.all(files.map((file) => this.#take(file)));
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

  #take(file) {
    const { node, parts } = stamp('chip');
    const item = { ...parts, node, file };
    parts.name.textContent = file.name;
    for (const button of [parts.remove, parts.again]) button.ariaLabel += ` ${file.name}`;
    parts.remove.onclick = () => this.#remove(item);
    parts.again.onclick = () => this.#send(item);
    list.append(node);
    this.#items.push(item);
    return this.#send(item);
  }

  #remove(item) {
    item.node.remove();
    this.#items = this.#items.filter((other) => other !== item);
    this.#goOn();
  }

  /** What the server may take next time can be tried again; what is too much cannot. */
  async #send(item) {
    const { file, node, note, bar, again } = item;
    const refusal = file.size > largest ? 'fileTooLarge' : this.#items.length > most ? 'tooManyFiles' : null;
    const fail = (reason, passes) => { note.textContent = reason; again.hidden = !passes; node.classList.add('chip--failed'); };
    node.classList.remove('chip--failed');
    note.textContent = '';
    again.hidden = true;
    bar.hidden = Boolean(refusal);
    if (refusal) return fail(sentence(refusal), false);
    try {
      item.facts = await this.upload(file, (done) => { bar.value = done; });
      note.textContent = bytes(file.size);
    } catch (problem) {
      fail(problem.message, problem.passes);
    }
    bar.hidden = true;
    this.#goOn();
  }

  #goOn() {
    const then = this.#then;
    if (then && !this.waits(then)) then();
  }
}
