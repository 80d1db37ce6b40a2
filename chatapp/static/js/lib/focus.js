/*
 * For whoever works by keys, the focus is never nowhere: where what had it went away or was drawn anew, it goes to the row of
 * the open conversation, else to its messages. Whoever points at things is left alone.
 */
const HEIRS = "#rows .is-selected a, message-log";
let byKey = false;

/** Whether the last thing that was used is the keyboard, so that a ring is looked for. */
export function isByKey() {
  return byKey;
}

for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, () => { byKey = name === "keydown"; }, true);
for (const name of ["toggle", "close", "placed", "htmx:after:swap", "keyup"]) document.addEventListener(name, () => requestAnimationFrame(bringBack), true);

function bringBack() {
  if (!byKey || document.activeElement !== document.body || document.querySelector("dialog[open], :popover-open")) return;
  const heir = [...document.querySelectorAll(HEIRS)].find((element) => element.checkVisibility());
  heir?.focus({ preventScroll: true, focusVisible: true });
}
