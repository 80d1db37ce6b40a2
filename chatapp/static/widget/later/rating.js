/** After a conversation was closed: how was it? Until it opens again, the answer can be another. */
import { find, sentence, stamp } from '../page.js';

const place = find('#rating');
const scroller = place.parentElement;
let shown = null;

/** @param talk the conversation that has ended, or null. */
export function show(talk, chat) {
  const now = talk && `${talk.id} ${talk.rating} ${talk.rating_comment}`;
  if (now === shown) return;
  shown = now;
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  place.replaceChildren(...(talk ? [talk.rating ? thanks(talk, chat) : form(talk, chat)] : []));
  if (atEnd) scroller.scrollTop = scroller.scrollHeight;
}

function form(talk, chat) {
  const { node, parts } = stamp('rate');
  parts.title.textContent = sentence('rate', { name: talk.agent.name });
  node.elements.rating.value = talk.rating ?? '';
  node.elements.comment.value = talk.rating_comment ?? '';
  node.addEventListener('submit', (event) => { event.preventDefault(); send(node, parts, chat); });
  return node;
}

async function send({ elements }, { send: button, problem }, chat) {
  button.disabled = true;
  try {
    await chat.rate(Number(elements.rating.value), elements.comment.value.trim());
  } catch ({ message }) {
    problem.hidden = false;
    problem.textContent = message;
  }
  button.disabled = false;
}

function thanks(talk, chat) {
  const { node, parts } = stamp('rated');
  parts.face.querySelector('use').setAttribute('href', `#i-${['angry', 'frown', 'meh', 'smile', 'laugh'][talk.rating - 1]}`);
  parts.change.addEventListener('click', () => {
    const again = form(talk, chat);
    place.replaceChildren(again);
    again.querySelector(':checked').focus();
  });
  return node;
}
