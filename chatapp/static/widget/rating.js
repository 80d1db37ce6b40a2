/** The question after a conversation was closed. It is asked once, and never in the way of writing on. */
import { find, sentence, stamp } from './page.js';

const place = find('#rating');

export class Rating {
  #asked = null;

  constructor(chat) {
    this.chat = chat;
  }

  /** @param name who is rated, or null when there is nothing to rate. */
  show(name) {
    if (name === this.#asked) return;
    this.#asked = name;
    place.replaceChildren(...(name ? [this.#form(name)] : []));
  }

  clear() {
    this.#asked = null;
    place.replaceChildren();
  }

  #form(name) {
    const { node, parts } = stamp('rate');
    parts.title.textContent = sentence('rate', { name });
    node.addEventListener('submit', (event) => { event.preventDefault(); this.#send(new FormData(node), parts.problem); });
    return node;
  }

  async #send(answers, problem) {
    try {
      await this.chat.rate(Number(answers.get('rating')), answers.get('comment'));
      place.textContent = sentence('thanks');
    } catch (error) {
      problem.hidden = false;
      problem.textContent = error.message;
    }
  }
}
