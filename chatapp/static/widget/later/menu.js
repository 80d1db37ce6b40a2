/** What else can be done with the conversation on the screen. */
import { stamp } from '../page.js';
import { isMuted, mute } from './sound.js';

let menu = null;

export function run(button, { chat }) {
  menu ??= made(button);
  const { transcript, end, popout, quiet, loud } = menu.parts;
  const status = chat.talks.get(chat.current?.id)?.status;
  transcript.hidden = !status;
  end.hidden = !status || status === 'closed';
  popout.hidden = window.parent === window || matchMedia('(pointer: coarse)').matches;
  quiet.hidden = isMuted();
  loud.hidden = !isMuted();
  menu.node.togglePopover();
}

function made(opener) {
  const { node, parts } = stamp('menu');
  opener.after(node);
  node.addEventListener('click', () => node.hidePopover());
  parts.quiet.addEventListener('click', () => mute(true));
  parts.loud.addEventListener('click', () => mute(false));
  node.addEventListener('toggle', ({ newState }) => {
    opener.ariaExpanded = newState === 'open';
    if (newState === 'open') items(node)[0].focus();
  });
  node.addEventListener('keydown', (event) => {
    const all = items(node);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    all.at((all.indexOf(event.target) + step) % all.length).focus();
  });
  return { node, parts };
}

const items = (node) => [...node.querySelectorAll('button:not([hidden])')];
