// Chatapp's launcher. Before the chat is opened it asks for nothing but its look.
(() => {
  const page = document;
  const script = page.currentScript, waiting = window.Chatapp;
  let { key, color = '#2b2b33', position: side = 'right', locale = '', label = '' } = script?.dataset || {};
  if (!key || waiting?.open) return;

  const home = new URL(script.src).origin, path = `${home}/widget/${encodeURIComponent(key)}`;
  const nonce = crypto.getRandomValues(new Uint32Array(4)).join();
  const view = window.visualViewport;
  const sheet = new CSSStyleSheet();
  const listeners = {};
  let frame, isOpen = false, ready, heard, calls = [], unread = 0;
  let words = [label || 'Chat'];

  const make = (name, parent) => parent.appendChild(page.createElement(name));
  const host = page.createElement('chatapp-widget');
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  const button = make('button', root);
  make('i', button);
  make('span', button).textContent = label;
  const badge = make('b', button);

  const inset = (edge, space) => `${edge}:calc(${space}px + env(safe-area-inset-${edge}));`;
  const look = (css) => sheet.replaceSync(`:host{all:initial!important;display:contents!important}:host([hidden]),[hidden],span:empty{display:none!important}
button,iframe{position:fixed;${inset(side, 20)}z-index:2147483000;border:0;box-shadow:0 2px 6px #0003,0 8px 24px #0003}
button{${inset('bottom', 20)}display:flex;align-items:center;gap:10px;height:56px;padding:0 16px;border-radius:28px;background:${color};color:#fff;font:600 15px system-ui;cursor:pointer}
button:focus-visible{outline:3px solid #fff}
i{width:24px;height:24px;background:currentColor;forced-color-adjust:none;clip-path:path("M6 4h12a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-6l-6 4v-4a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z")}
[aria-expanded=true] i{clip-path:path("M12 16.4 4.6 9 6 7.6l6 6 6-6L19.4 9z")}
b{position:absolute;top:-2px;right:-2px;min-width:20px;border-radius:10px;background:#c22f35;color:#fff;font:600 12px/20px system-ui}
iframe{${inset('bottom', 92)}width:376px;height:min(680px,100% - 112px);border-radius:16px;background:Canvas;color-scheme:light dark}
[aria-expanded=false]+iframe{display:none}
@media(max-width:480px),(max-height:480px){iframe{inset:0;width:100%;height:100%;border-radius:0}[aria-expanded=true]{display:none}}` + css);

  const draw = () => {
    badge.hidden = isOpen || !unread;
    badge.textContent = unread;
    button.ariaExpanded = isOpen;
    button.ariaLabel = isOpen && words[1] || words[0] + (unread ? ` (${unread})` : '');
  };
  const show = (open) => {
    if (open) { host.hidden = false; frame || load(); }
    if (isOpen === open) return;
    isOpen = open;
    draw();
    (open ? frame : button).focus();
    post('show');
    emit(open ? 'open' : 'close');
  };
  const emit = (name, detail) => listeners[name]?.forEach((listener) => setTimeout(listener, 0, detail));
  const post = (type, calls) => ready && frame.contentWindow.postMessage({
    chatapp: type, nonce, calls, open: isOpen, view: view && [view.offsetTop, view.height],
    page: { url: location.href, title: page.title, referrer: page.referrer },
  }, home);
  const load = (more = '') => {
    frame ||= Object.assign(page.createElement('iframe'), {
      title: 'Chat', name: nonce, onload() { ready = 1; post('hello', calls); calls = calls.filter(keeps); },
    });
    ready = 0;
    frame.src = `${path}?locale=${locale}${more}`;
    frame.isConnected || root.append(frame);
    setTimeout(() => heard || emit('error', 'The chat did not load.'), 15000);
  };
  const keeps = ([name]) => name === 'setTheme';
  const call = (...one) => {
    // What cannot be sent fails where it was said.
    one = structuredClone(one);
    post('calls', [one]);
    if (!ready || keeps(one)) calls.push(one);
  };

  const api = {
    open() { show(true); },
    close() { show(false); },
    toggle() { show(!isOpen); },
    show() { host.hidden = false; },
    hide() { show(false); host.hidden = true; },
    on(name, listener) { (listeners[name] ||= new Set()).add(listener); if (name === 'ready') setTimeout(listener); },
    off(name, listener) { listeners[name]?.delete(listener); },
    push(...calls) { calls.forEach(([name, ...values]) => api[name]?.(...values)); },
    setLocale(name) { locale = name; if (frame) load(); },
    setTheme(name) { call('setTheme', name); },
    startConversation(text) { show(true); call('startConversation', text); },
    reset() { calls = []; load('&forget'); },
  };
  api.logout = api.reset;
  const hear = {
    dismiss: api.close,
    look([css, ...names]) { look(css); words = names; draw(); },
    unread(count) { unread = count; draw(); },
  };

  addEventListener('message', ({ origin, source, data }) => {
    if (origin !== home || source !== frame?.contentWindow || data.nonce !== nonce) return;
    heard = 1;
    hear[data.chatapp]?.(data.detail);
    emit(data.chatapp, data.detail);
  });
  window.navigation?.addEventListener('currententrychange', () => post('page'));
  view?.addEventListener('resize', () => post('view'));
  button.onclick = api.toggle;
  root.addEventListener('keydown', (event) => event.key === 'Escape' && show(false));
  // Single-page sites throw us out.
  const attach = () => host.isConnected || page.documentElement.append(host);

  look('');
  draw();
  import(`${path}/look.js?locale=${locale}`).then((its) => hear.look(its.default)).catch(() => {}).then(() => {
    new MutationObserver(attach).observe(page.documentElement, { childList: true });
    attach();
  });
  window.Chatapp = api;
  if (Array.isArray(waiting)) api.push(...waiting);
})();
