/* The list of conversations, fetched again: what came meanwhile over the socket stays, what left the view goes. */
import { fragment } from "../lib/http.js";

const htmx = window.htmx;

/** Bring the first page up to date; false when nobody answered. */
export async function refreshRows(list, url) {
  const before = new Set(list.querySelectorAll(".row"));
  try {
    const text = await fragment(url);
    dropStale(before, text);
    await htmx.swap({ sourceElement: list, target: list, swap: "place", text });
    return true;
  } catch {
    return false;
  }
}

/** Rows that the page should have brought and did not are no longer in this view. */
function dropStale(before, text) {
  const page = new DOMParser().parseFromString(`<ol>${text}</ol>`, "text/html");
  const fresh = [...page.querySelectorAll(".row")];
  const ids = new Set(fresh.map((row) => row.id));
  const isWhole = page.getElementById("rows-more").hidden;
  const oldest = isWhole ? 0 : Math.min(...fresh.map((row) => Number(row.dataset.place)));
  for (const row of before) if (!ids.has(row.id) && Number(row.dataset.place) >= oldest) row.remove();
}

/** Bring the views and their numbers up to date. */
export async function refreshViews(url) {
  try {
    const text = await fragment(url);
    await htmx.swap({ sourceElement: document.body, target: "#views", swap: "outerHTML", text });
  } catch {
    // the next change asks again
  }
}

/** The number of this view above the list, and mine in the window's title. */
export function showNumbers(view) {
  const counts = JSON.parse(document.getElementById("views").dataset.counts);
  const number = document.getElementById("list-count");
  if (number) number.textContent = counts[view];
  document.title = document.title.replace(/^(\(\d+\) )?/, counts.mine ? `(${counts.mine}) ` : "");
}
