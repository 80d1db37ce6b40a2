/* The browser opens and closes [popover]; this puts it beside its opener and gives menus their arrow keys. What arrives in an
 * open one takes the focus, and a form inside that was taken closes it. */
import { isByKey } from "./focus.js";

const GAP = 6;
const ITEMS = ".menu__item:not(:disabled)";
const narrow = matchMedia("(max-width: 760px)"); // the rail lies at the bottom: beside it is above it

let pressed; // several may open the same one

document.addEventListener("click", ({ target }) => { pressed = target.closest?.("[popovertarget]") ?? pressed; }, true);

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("[popover].popover")) return;
  if (event.newState === "closed") return event.target.removeAttribute("style"); // htmx would copy it, and the CSP refuse it
  const opener = pressed?.getAttribute("popovertarget") === event.target.id ? pressed : document.querySelector(`[popovertarget="${event.target.id}"]`);
  if (opener) place(event.target, (opener.checkVisibility() ? opener : event.target.closest("section")?.querySelector("header") ?? opener).getBoundingClientRect());
  event.target.querySelector("[autofocus], [role^=menuitem]:not(:disabled)")?.focus({ focusVisible: isByKey() });
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
  const menu = event.target.closest?.("[role=menu], .menu__item")?.closest(".menu");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !step || event.defaultPrevented) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll(ITEMS)];
  const next = items.indexOf(document.activeElement) + step;
  items[(next + items.length) % items.length]?.focus();
});

document.addEventListener("htmx:after:swap", () => {
  const menu = document.querySelector(".menu:popover-open");
  if (!menu || menu.contains(document.activeElement)) return;
  (menu.querySelector("[aria-invalid]") ?? menu.querySelector(ITEMS))?.focus({ focusVisible: true });
});

document.addEventListener("htmx:after:request", ({ target, detail }) => {
  if (target.matches?.("[popover] form") && detail.ctx.response.raw.ok) target.closest("[popover]").hidePopover();
});
