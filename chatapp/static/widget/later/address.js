/** Where an answer reaches the visitor once they are gone: asked beside the message, and never in its way. */
import { passing } from '../keep.js';
import { find, siteKey, stamp } from '../page.js';

const NAME = `chatapp:no-address:${siteKey}`;
let field = null;

export function ask(isWanted) {
  if (!isWanted || passing.get(NAME)) return field?.remove();
  field ??= made();
  if (!field.isConnected) find('.write__box').before(field);
}

function made() {
  const { node, parts } = stamp('address');
  parts.skip.addEventListener('click', () => {
    passing.set(NAME, true);
    node.remove();
    find('.write__text').focus();
  });
  return node;
}
