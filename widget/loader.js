// Chatapp's launcher. Before the chat is opened it asks for nothing but its look.
(() => {
  const page = document, html = page.documentElement;
  const script = page.currentScript;
  const { key, color = '#2b2b33', position: side = 'right', locale = '', label } = script?.dataset || {};
  if (!key || customElements.get('chatapp-widget')) return;

  const home = new URL(script.src).origin;
  let words = [label || 'Chat'];
  const phone = matchMedia('(max-width:480px),(max-height:480px)');
  const view = window.visualViewport;
  const sheet = new CSSStyleSheet();
  const listeners = {};
  let frame, isOpen, ready, unread = 0;

  customElements.define('chatapp-widget', class extends HTMLElement {});
  const host = page.createElement('chatapp-widget');
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  const make = (name, parent) => parent.appendChild(page.createElement(name));
  const button = make('button', root);
  make('i', button);
  make('span', button).textContent = label || '';
  const badge = make('b', button);

  const inset = (edge, space) => `${edge}:calc(${space}px + env(safe-area-inset-${edge}));`;
  const look = (css) => sheet.replaceSync(`:host{all:initial!important;display:contents!important}:host([hidden]),[hidden],span:empty{display:none!important}
button,iframe{position:fixed;${inset(side, 20)}z-index:2147483000;border:0;box-shadow:0 2px 6px #0003,0 8px 24px #0003}
button{${inset('bottom', 20)}display:flex;align-items:center;gap:10px;height:56px;padding:0 16px;border-radius:28px;background:${color};color:#fff;font:600 15px system-ui;cursor:pointer}
button:focus-visible{outline:3px solid #fff}
i{width:24px;height:24px;background:currentColor;forced-color-adjust:none;clip-path:path("M6 4h12a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-6l-6 4v-4a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z")}
[aria-expanded=true] i{clip-path:path("M12 16.4 4.6 9 6 7.6l6 6 6-6L19.4 9z")}
b{position:absolute;top:-2px;right:-2px;min-width:20px;border-radius:10px;background:#c22f35;color:#fff;font-size:12px;line-height:20px}
iframe{${inset('bottom', 92)}width:376px;height:min(680px,100% - 112px);border-radius:16px;background:Canvas;color-scheme:light dark}
@media ${phone.media}{iframe{inset:0;width:100%;height:100%;border-radius:0}[aria-expanded=true]{display:none}}` + css);
  const show = (open) => {
    const changed = isOpen !== open;
    isOpen = open;
    if (frame) frame.hidden = !open;
    badge.hidden = open || !unread;
    badge.textContent = unread;
    button.ariaExpanded = open;
    button.ariaLabel = open && words[1] || words[0] + (unread ? ` (${unread})` : '');
    fit();
    if (!changed || !frame) return;
    (open ? frame : button).focus();
    if (ready) post('show');
    emit(open ? 'open' : 'close');
  };
  // A phone's keyboard covers, not resizes.
  const fit = () => {
    if (frame && view) frame.style.cssText = isOpen && phone.matches ? `top:${view.offsetTop}px;height:${view.height}px` : '';
  };
  const emit = (name, detail) => listeners[name]?.forEach((listener) => setTimeout(listener, 0, detail));
  const post = (type) => frame.contentWindow?.postMessage(
    { chatapp: type, open: isOpen, page: { url: location.href, title: page.title, referrer: page.referrer } }, home);
  const load = () => {
    frame = make('iframe', root);
    frame.title = 'Chat';
    frame.onload = () => post('hello');
    frame.src = `${home}/widget/${encodeURIComponent(key)}?locale=${locale}`;
    setTimeout(() => ready || emit('error', 'The chat did not load.'), 15000);
  };

  const api = {
    open() { frame || load(); host.hidden = false; show(true); },
    close() { show(false); },
    toggle() { isOpen ? api.close() : api.open(); },
    show() { host.hidden = false; },
    hide() { api.close(); host.hidden = true; },
    on(name, listener) { (listeners[name] ||= new Set()).add(listener); },
    off(name, listener) { listeners[name]?.delete(listener); },
    push(...calls) { calls.forEach(([name, ...values]) => api[name]?.(...values)); },
  };
  const hear = {
    dismiss: api.close,
    look([css, ...names]) { look(css); words = names; show(isOpen); },
    ready() { ready = true; },
    unread(count) { unread = count; show(isOpen); },
  };

  addEventListener('message', ({ origin, source, data }) => {
    if (origin !== home || source !== frame?.contentWindow) return;
    hear[data.chatapp]?.(data.detail);
    emit(data.chatapp, data.detail);
  });
  root.addEventListener('keydown', (event) => event.key === 'Escape' && api.close());
  button.onclick = api.toggle;
  view?.addEventListener('resize', fit);
  const attach = () => host.isConnected || html.append(host); // single-page sites throw us out

  look('');
  show(false);
  import(`${home}/widget/${encodeURIComponent(key)}/look.js?locale=${locale}`).then((its) => hear.look(its.default)).catch(() => {}).then(() => {
    new MutationObserver(attach).observe(html, { childList: true });
    attach();
  });
  const waiting = window.Chatapp;
  window.Chatapp = api;
  if (Array.isArray(waiting)) api.push(...waiting);
})();
