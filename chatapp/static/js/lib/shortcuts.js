/*
 * `data-key="r"` gives an element a key: a field is focused, anything else is clicked. Two keys in a row are
 * written "g i". Nothing happens while somebody types, with a modifier held, or behind an open dialog. What is hidden has
 * no key, unless it says data-key-anywhere: it lies in a panel that folds away.
 */
const PAUSE = 900;
let first = "";
let forgetting;

/** Whether a key press is free to be a shortcut. */
export function isFree(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return false;
  return !document.querySelector("dialog[open], :popover-open");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !isFree(event)) return;
  const element = carrierOf(`${first} ${event.key}`.trim()) ?? carrierOf(event.key);
  remember(element ? "" : event.key);
  if (!element) return;
  event.preventDefault();
  press(element);
});

/** What a key belongs to on this page now, if anything. */
export function carrierOf(keys) {
  const named = [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)];
  return named.find((element) => element.checkVisibility()) ?? named.find((element) => "keyAnywhere" in element.dataset);
}

export function press(element) {
  element.matches("input, textarea, select") ? element.focus() : element.click();
}

function remember(key) {
  clearTimeout(forgetting);
  first = key.length === 1 ? key : "";
  forgetting = setTimeout(() => { first = ""; }, PAUSE);
}

function isTyping(target) {
  return target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}
