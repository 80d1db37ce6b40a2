/** A handful of emoji, at the place of the caret. Arrows walk in the grid; a screen reader has names for all of them. */
import { find, stamp } from '../page.js';

const PER_ROW = 8;
const FACES = '😀 😃 😄 😁 😅 😂 🙂 😉 😊 😍 😘 😎 🤔 😐 😬 😴 😕 😟 😢 😭 😡 😱 🤯 🤗 👍 👎 👌 🙏 👏 🙌 💪 👋 ✌️ 🤝 👀 💡 ❤️ 💚 💔 🔥 ⭐ ✨ 🎉 🎁 ✅ ❌ ⚠️ ❓ 📷 📦 🚚 💳 🛒 🏠 ⏰ 📅 ☕ 🍕 🌞 🌧️ 🐶 🐱 🌱 🚀'.split(' ');
const box = find('.write__text');
let picker = null;

export function run(button) {
  picker ??= made(button);
  button.closest('.write__box').append(picker);
  picker.togglePopover();
}

function made(opener) {
  const { node } = stamp('emoji');
  node.append(...FACES.map((face) => Object.assign(document.createElement('button'), { type: 'button', textContent: face, tabIndex: -1 })));
  node.addEventListener('click', ({ target }) => { if (target !== node) insert(target.textContent); });
  node.addEventListener('keydown', walk);
  node.addEventListener('toggle', ({ newState }) => {
    opener.ariaExpanded = newState === 'open';
    if (newState === 'open') node.firstElementChild.focus();
  });
  return node;
}

function insert(face) {
  picker.hidePopover();
  box.setRangeText(face, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new Event('input'));
  box.focus();
}

function walk(event) {
  const { key, target } = event;
  if (key === 'Escape') { event.stopPropagation(); event.preventDefault(); picker.hidePopover(); box.focus(); return; }
  const back = getComputedStyle(picker).direction === 'rtl' ? 1 : -1;
  const step = { ArrowLeft: back, ArrowRight: -back, ArrowUp: -PER_ROW, ArrowDown: PER_ROW }[key];
  const next = step && picker.children[[...picker.children].indexOf(target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
