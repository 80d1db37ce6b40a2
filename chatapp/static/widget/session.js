/** Who the visitor is: one token, kept by the browser where it can be (a partitioned cookie first), never in an address and never given to the host page. */
import { call } from './api.js';
import { lasting } from './keep.js';
import { locale, siteKey } from './page.js';

const NAME = `chatapp:visitor:${siteKey}`;

export class Session {
  #token = lasting.get(NAME);
  #opening = null;
  page = null;

  get token() {
    return this.#token;
  }

  /** Opens or renews the session; several callers share one request. */
  open() {
    this.#opening ??= this.#init().finally(() => { this.#opening = null; });
    return this.#opening;
  }

  async #init() {
    const answer = await call('POST', '/widget/init', {
      body: { key: siteKey, locale, page: this.page || undefined, token: this.#token || undefined },
    });
    this.#token = answer.token;
    if (!answer.cookie) lasting.set(NAME, answer.token);
    return answer;
  }

  /** A call in the visitor's name. A token that is no longer good is replaced once. */
  async call(method, path, options = {}) {
    if (!this.#token) await this.open();
    try {
      return await call(method, path, { ...options, token: this.#token });
    } catch (problem) {
      if (problem.status !== 401) throw problem;
      this.#token = null;
      await this.open();
      return call(method, path, { ...options, token: this.#token });
    }
  }
}
