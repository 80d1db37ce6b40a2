/**
 * The chat in a window of its own, which goes on while the visitor leaves the page. That window keeps its cookies apart from those of a frame, so it is told who the
 * visitor is: by our own origin alone, for whoever could tell it would choose whom the visitor is talking as. A page whose Cross-Origin-Opener-Policy is same-origin
 * parts the two windows for good; then there is no such window.
 */
import { tell } from '../host.js';
import { passing } from '../keep.js';
import { locale, sentence, siteKey } from '../page.js';

const PATIENCE = 5000;
const NAME = `chatapp:popout:${siteKey}`;
const home = location.origin;

/** In the frame. */
export async function run(button, { chat }) {
  await chat.session.ready();
  const address = `/widget/${encodeURIComponent(siteKey)}?locale=${locale}&popout`;
  const child = window.open(address, `chatapp-${siteKey}`, 'popup,width=400,height=680');
  if (!child) throw new Error(sentence('noWindow'));
  const words = { popout: 'you', token: chat.session.token, conversation: chat.current?.id };
  window.addEventListener('message', function hear({ source, origin, data }) {
    if (source !== child || origin !== home || data.popout !== 'who') return;
    window.removeEventListener('message', hear);
    child.postMessage(words, home);
    tell('dismiss');
  });
}

/** In the window: takes over who the visitor is, and answers which conversation was on the screen. */
export function adopt(session) {
  return new Promise((resolve) => {
    const { opener } = window;
    if (passing.get(NAME)) return resolve(null); // a reload: by now it has cookies of its own
    if (!opener) return window.close();
    setTimeout(resolve, PATIENCE);
    window.addEventListener('message', ({ source, origin, data }) => {
      if (source !== opener || origin !== home || data.popout !== 'you') return;
      session.take(data.token);
      passing.set(NAME, true);
      resolve(data.conversation);
    });
    opener.postMessage({ popout: 'who' }, home);
  });
}
