/* `data-prints`: pressing it prints the page. */
document.addEventListener("click", ({ target }) => target.closest?.("[data-prints]") && print());
