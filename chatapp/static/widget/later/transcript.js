/** The conversation by mail. */
import { sentence, stamp } from '../page.js';

let dialog = null;

export function run(button, { chat }) {
  dialog ??= made();
  const { node, parts } = dialog;
  parts.form.onsubmit = (event) => { event.preventDefault(); send(parts, chat); };
  parts.form.hidden = false;
  parts.form.elements.email.value ||= chat.email ?? '';
  tell(parts.said, '');
  tell(parts.problem, '');
  node.showModal();
  parts.form.elements.email.focus();
}

function made() {
  const { node, parts } = stamp('transcript');
  document.body.append(node);
  return { node, parts };
}

async function send({ form, send: button, said, problem }, chat) {
  const email = form.elements.email.value.trim();
  button.disabled = true;
  tell(problem, '');
  try {
    await chat.mailTranscript(email);
    form.hidden = true;
    tell(said, sentence('mailed', { address: email }));
  } catch ({ message }) {
    tell(problem, message);
  }
  button.disabled = false;
}

function tell(place, text) {
  place.hidden = !text;
  place.textContent = text;
}
