/* `data-opens="id"` opens a native <dialog>, `data-closes` shuts the one around it, and so does a click outside.
 * A form that says `data-closes-after` shuts it once the server has taken what was typed.
 * `data-open-now`: the page came back with errors in that dialog. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();

  if (event.target.closest?.("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target.matches?.("dialog[open]") && isOutside(event)) event.target.close();
});

document.addEventListener("htmx:after:request", ({ target, detail }) => {
  if (target.matches?.("dialog form[data-closes-after]") && detail.ctx.response.raw.ok) target.closest("dialog").close();
});

function isOutside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

document.querySelectorAll("dialog[data-open-now]").forEach((dialog) => dialog.showModal());
