/* The list of conversations, fetched again: what came meanwhile over the socket stays, what left the view goes. */
import { fragment } from "../lib/http.js";
import { placeIn } from "./place.js";

const htmx = window.htmx;

/**
 * Bring the first page up to date; false when nobody answered. With `isShortened` what lies below it goes: it can be
 * scrolled to again. A view that is gone, with its team, leads to all.
 */
export async function refreshRows(list, url, isShortened = false) {
  const before = new Set(list.querySelectorAll(".row"));
  try {
    const text = await fragment(url);
    dropStale(list, before, text, isShortened);
    await htmx.swap({ sourceElement: list, target: list, swap: "place", text });
    return true;
  } catch ({ status }) {
    if (status === 404) location.search = "";
    return false;
  }
}

/** Rows that the page should have brought and did not are no longer in this view. */
function dropStale(list, before, text, isShortened) {
  const page = new DOMParser().parseFromString(`<ol>${text}</ol>`, "text/html");
  const fresh = [...page.querySelectorAll(".row")];
  const ids = new Set(fresh.map((row) => row.id));
  const isWhole = page.getElementById("rows-more").hidden;
  const reached = (row) => isWhole || isShortened || comesBy(list, row, fresh.at(-1));
  for (const row of before) if (!ids.has(row.id) && reached(row)) row.remove();
}

/** Whether a row stands before another one in the list, or beside it. */
function comesBy(list, row, last) {
  const [mine, end] = [placeIn(list, row), placeIn(list, last)];
  return list.dataset.order === "descending" ? mine >= end : mine <= end;
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
