/**
 * The customer's page around us. It is believed only if it really is our parent, and the origin of its first word is the only one we talk to.
 * It never learns the visitor's token or what is written.
 */
const framed = window.parent !== window;
let origin = null;
let unsaid = [];

/** Said at once, or as soon as we know to whom. */
export function tell(type, detail) {
  if (origin) window.parent.postMessage({ chatapp: type, detail }, origin);
  else if (framed) unsaid.push([type, detail]);
}

/** Calls `onHello(page)` once the parent has introduced itself (or at once when there is none) and `onShow(open, page)` at every change. */
export function listenToHost({ onHello, onShow }) {
  if (!framed) return onHello(null, true);
  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || (origin && event.origin !== origin)) return;
    const { chatapp: type, page, open } = event.data || {};
    if (type === 'hello' && !origin) {
      origin = event.origin;
      onHello(pageOf(page), open);
      tell('ready');
      for (const words of unsaid) tell(...words);
      unsaid = [];
    }
    if (type === 'show') onShow(open, pageOf(page));
  });
}

/** The address that the browser vouches for wins over the one that the page claims. */
function pageOf({ url = '', title = '', referrer = '' } = {}) {
  const own = URL.canParse(url) && new URL(url).origin === origin;
  return { url: own ? url : origin, title: String(title), referrer: String(referrer) };
}
