/* A picture in a thread, seen large: `data-enlarges` on a link to it opens #lightbox instead of following. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-enlarges]");
  const box = document.getElementById("lightbox");
  if (!link || !box || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const [picture, name, save] = [box.querySelector("img"), box.querySelector("[data-name]"), box.querySelector("[download]")];
  const small = link.querySelector("img");
  Object.assign(picture, { src: link.href, alt: small.alt });
  name.textContent = small.alt;
  Object.assign(save, { href: link.href, download: small.alt });
  box.showModal();
});
