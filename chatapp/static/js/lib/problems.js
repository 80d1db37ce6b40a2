/*
 * What went wrong goes to the layout's error area (#notices) and never into the element that asked.
 * 422 is not a problem: it is the same form with its errors, and stays where it was asked for.
 */
import { isDoor } from "./http.js";

const area = () => document.getElementById("notices");

function isProblem(status) {
  return status >= 400 && status !== 422;
}

function show(templateId) {
  const template = document.getElementById(templateId);
  if (template) area()?.replaceChildren(template.content.cloneNode(true));
}

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (isDoor(ctx.response.raw)) {
    event.preventDefault();
    location.reload();
    return;
  }
  if (!isProblem(ctx.response.status)) return;
  if (ctx.text.includes('class="problem"')) {
    ctx.hx.retarget = "#notices";
    ctx.hx.reswap = "innerHTML";
    return;
  }
  event.preventDefault(); // a proxy's page, say: nothing that belongs in ours
  show("problem-server");
});

document.addEventListener("htmx:error", () => {
  show("problem-offline");
});

document.addEventListener("htmx:before:request", () => area()?.replaceChildren());

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-dismiss]")?.closest(".problem, .banner, .toast")?.remove();
});
