/**
 * The customer's page around us. It is believed only if it really is our parent and knows the nonce that our frame is named by, and the origin of its first word
 * is the only one we talk to. It never learns the visitor's token or what is written. widget/README.md lists the words.
 */
const framed = window.parent !== window;
const nonce = window.name;
let origin = null;
const unsaid = [];

/** Said at once, or as soon as we know to whom. */
export function tell(type, detail) {
  if (origin) window.parent.postMessage({ chatapp: type, nonce, detail }, origin);
  else if (framed) unsaid.push([type, detail]);
}

/**
 * Calls `onHello(words)` once the parent has introduced itself (or at once, without any, when there is none), and `onWord(words)` whenever something has changed
 * there. The words: `open`, `page`, `view` (how much of the screen there is) and `calls`, what was asked of `window.Chatapp`.
 */
export function listenToHost({ onHello, onWord }) {
  if (!framed) return onHello({ open: true, page: null, calls: [] });
  window.addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== window.parent || (origin && from !== origin) || !nonce || data?.nonce !== nonce) return;
    const isFirst = !origin;
    if (isFirst && data.chatapp !== 'hello') return;
    origin = from;
    const { open = false, page, view, calls = [] } = data;
    (isFirst ? onHello : onWord)({ type: data.chatapp, open, page: pageOf(page), view, calls });
    for (const words of unsaid.splice(0)) tell(...words);
  });
}

/** The address that the browser vouches for wins over the one that the page claims. */
function pageOf({ url = '', title = '', referrer = '' } = {}) {
  const own = URL.canParse(url) && new URL(url).origin === origin;
  return { url: own ? url : origin, title: String(title), referrer: String(referrer) };
}
