/* Every htmx request carries the CSRF token of the page in a header, so no fragment needs to carry a form field. */
document.addEventListener("htmx:config:request", ({ detail }) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) detail.ctx.request.headers["X-CSRFToken"] = token;
});
