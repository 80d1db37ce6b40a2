/** The question after a conversation was closed. It is asked once, and never in the way of writing on. */
import { find, sentence, stamp } from '../page.js';

const place = find('#rating');

export class Rating {
  #asked = null;

  constructor(chat) {
    this.chat = chat;
  }

  /** @param talk the conversation that is to be rated, or null. */
  show(talk) {
    if (this.#asked === (talk?.id ?? null)) return;
    this.#asked = talk?.id ?? null;
    place.replaceChildren(...(talk ? [this.#form(talk.agent.name)] : []));
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
