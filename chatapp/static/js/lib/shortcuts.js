/*
 * `data-key="r"` gives an element a key: a field is focused, anything else is clicked. Two keys in a row are
 * written "g i". Nothing happens while somebody types, with a modifier held, or behind an open dialog.
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
  const element = find(`${first} ${event.key}`.trim()) ?? find(event.key);
  remember(element ? "" : event.key);
  if (!element) return;
  event.preventDefault();
  element.matches("input, textarea, select") ? element.focus() : element.click();
});

function find(keys) {
  return [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find((element) => element.checkVisibility());
}

function remember(key) {
  clearTimeout(forgetting);
  first = key.length === 1 ? key : "";
  forgetting = setTimeout(() => { first = ""; }, PAUSE);
}

function isTyping(target) {
  return target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}
