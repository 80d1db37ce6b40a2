/* The browser opens and closes [popover]; this puts it beside its opener and gives menus their arrow keys. */
const GAP = 6;
const narrow = matchMedia("(max-width: 760px)"); // the rail lies at the bottom: beside it is above it

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("[popover].popover") || event.newState !== "open") return;
  const opener = document.querySelector(`[popovertarget="${event.target.id}"]`);
  if (opener) place(event.target, opener.getBoundingClientRect());
  event.target.querySelector("[autofocus], [role^=menuitem]:not(:disabled)")?.focus({ focusVisible: false });
}, true);

function place(popover, opener) {
  const { offsetWidth: width, offsetHeight: height } = popover;
  const beside = popover.dataset.place === "end" && !narrow.matches;
  const left = beside ? opener.right + GAP : alignEnd(opener) ? opener.right - width : opener.left;
  const below = beside ? opener.bottom - height : opener.bottom + GAP;
  const top = below + height > innerHeight ? opener.top - height - GAP : below;
  popover.style.left = `${clamp(left, innerWidth - width)}px`;
  popover.style.top = `${clamp(top, innerHeight - height)}px`;
}

function alignEnd(opener) {
  return opener.left + opener.width / 2 > innerWidth / 2;
}

function clamp(value, most) {
  return Math.max(GAP, Math.min(value, most - GAP));
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[role=menu]");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("[role^=menuitem]:not(:disabled)")];
  const next = items.indexOf(document.activeElement) + step;
  items[(next + items.length) % items.length]?.focus();
});
