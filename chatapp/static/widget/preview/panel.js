/** The panel as the settings show it: a look that is tried out, with something to look at and nothing behind it. */
import { find, sentence, showAvatar, span, stamp } from '../page.js';

const panel = find('.panel');
const MINUTES = 4;

function say(text, isMine) {
  const { node, parts } = stamp('say');
  node.classList.toggle('say--mine', isMine);
  if (isMine) parts.avatar.remove();
  else showAvatar(parts.avatar, { name: panel.dataset.name });
  parts.text.textContent = text;
  parts.foot.hidden = true;
  find('.says').append(node);
}

function converse() {
  find('#home').hidden = true;
  find('#thread').hidden = false;
  find('#thread').append(find('.write'));
  find('#thread-sub').textContent = find('#replies [data-part=text]').textContent;
  showAvatar(find('#thread-avatar'), { name: panel.dataset.name });
  for (const [number, text] of JSON.parse(panel.dataset.says).entries()) say(text, number % 2 === 0);
}

find('#replies').hidden = false;
find('#replies').dataset.online = true;
find('#replies [data-part=text]').textContent = sentence('replies', { when: span(MINUTES * 60) });
if (panel.dataset.screen === 'thread') converse();
panel.hidden = false;
window.parent.frameElement?.dispatchEvent(new Event('drawn'));
