/** Who the visitor is: one token, kept by the browser where it can be (a partitioned cookie first), never in an address and never given to the host page. */
import { call, upload } from './api.js';
import { forgets, lasting } from './keep.js';
import { locale, siteKey } from './page.js';

const NAME = `chatapp:visitor:${siteKey}`;

export class Session {
  #token = lasting.get(NAME);
  #opening = null;
  #forgets = forgets;
  page = null;

  get token() {
    return this.#token;
  }

  /** The same visitor goes on here. */
  take(token) {
    this.#token = token;
  }

  async ready() {
    if (!this.#token) await this.open();
  }

  /** Opens or renews the session; several callers share one request. */
  open() {
    this.#opening ??= this.#init().finally(() => { this.#opening = null; });
    return this.#opening;
  }

  async #init() {
    if (this.#forgets) await this.#forget();
    const answer = await call('POST', '/widget/init', {
      body: { key: siteKey, locale, page: this.page || undefined, token: this.#token || undefined },
    });
    this.#token = answer.token;
    if (!answer.cookie) lasting.set(NAME, answer.token);
    return answer;
  }

  /** Nothing is shown to anybody before the server knows that the person is gone; then a reload of this page is no log-out again. */
  async #forget() {
    await call('POST', '/widget/logout', { body: { key: siteKey, token: this.#token || undefined }, keepalive: true });
    this.#forgets = false;
    this.#token = null;
    lasting.set(NAME, null);
    history.replaceState(null, '', location.href.replace('&forget', ''));
  }

  call(method, path, options) {
    return this.#speak((token) => call(method, path, { ...options, token }));
  }

  upload(file, onProgress) {
    return this.#speak((token) => upload('/widget/attachments', file, { token, onProgress }));
  }

  /** In the visitor's name. A token that is no longer good is replaced once. */
  async #speak(say) {
    await this.ready();
    try {
      return await say(this.#token);
    } catch (problem) {
      if (problem.status !== 401) throw problem;
      this.#token = null;
      await this.open();
      return say(this.#token);
    }
  }
}
