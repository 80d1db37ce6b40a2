/* `data-opens="id"` opens a native <dialog>, `data-closes` shuts the one around it, and so does a click outside.
 * `data-open-now`: the page came back with errors in that dialog. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();

  if (event.target.closest?.("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target.matches?.("dialog[open]") && isOutside(event)) event.target.close();
});

function isOutside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

document.querySelectorAll("dialog[data-open-now]").forEach((dialog) => dialog.showModal());
