/*
 * The swap style "place": each element goes where its data-place says, or whatever the list names in data-by, once. An
 * element that is there already gives way only to a newer data-revision, so the sender's own copy, the socket's and a replay are one, in whatever order they come.
 * A change to what lies before the page that is shown is left out: it comes, changed, with the page that it is on.
 * "epoch:<id>" tells which history the numbers belong to: a list that holds another is drawn anew ("log:anew").
 * "through:<n>" tells the list that it now knows everything up to revision n, "read:<n>" how far the visitor has read.
 */
const htmx = window.htmx;
const AGES = 1e11; // seconds: more than any moment

htmx.registerExtension("place", {
  handle_swap(style, list, fragment, { through, read, epoch }) {
    if (style !== "place") return false;
    if (epoch && list.dataset.epoch && epoch !== list.dataset.epoch) return startAnew(list);
    const reach = reachOf(list, fragment);
    const added = [...fragment.children].filter((element) => !(placeIn(list, element) < reach) && place(list, element));
    for (const element of added) list.dispatchEvent(new CustomEvent("placed", { bubbles: true, detail: element }));
    if (through) list.dataset.since = Math.max(through, Number(list.dataset.since));
    if (read) list.dataset.read = Math.max(read, Number(list.dataset.read));
    return added;
  },
});

/** What the list holds is another history: merged, split or restored. */
function startAnew(list) {
  list.dispatchEvent(new CustomEvent("log:anew", { bubbles: true }));
  return [];
}

/** How far back a thread is shown while there is more before it; a page of older ones is meant to go before that. */
function reachOf(list, fragment) {
  const older = list.querySelector(":scope > .older:not([hidden])");
  if (!older || fragment.querySelector(".older")) return -Infinity;
  return Math.min(...[...list.querySelectorAll(":scope > .message[id^=message-]")].map((line) => placeIn(list, line)));
}

/** Put the element into the list; false when what is there is as new. */
export function place(list, element) {
  const present = document.getElementById(element.id);
  if (!present) return insert(list, element);
  if (!isNewer(element, present)) return false;
  const focused = present.contains(document.activeElement) && document.activeElement;
  if (present === list || placeIn(list, element) === placeIn(list, present)) present.replaceWith(element);
  else move(list, present, element);
  if (focused) heirOf(focused, element)?.focus({ preventScroll: true });
  return true;
}

/** What has the same key, say Close and then Reopen, else the first that can be pressed. */
function heirOf({ dataset: { key } }, element) {
  return (key ? element.querySelector(`[data-key="${CSS.escape(key)}"]`) : null) ?? element.querySelector("a, button");
}

function move(list, present, element) {
  present.remove();
  insert(list, element);
}

function insert(list, element) {
  const isDescending = list.dataset.order === "descending";
  const mine = placeIn(list, element);
  const next = [...list.children].find((other) => {
    const theirs = placeIn(list, other);
    return isDescending ? theirs < mine : theirs > mine;
  });
  list.insertBefore(element, next ?? null);
  return true;
}

/**
 * Where it belongs: a moment, or the number of a message. What is urgent comes first, and the latest of what is as urgent.
 * What has no such moment comes after all that have, the latest first, and before what asks for the next page.
 */
export function placeIn(list, { dataset }) {
  const { by = "place" } = list.dataset;
  if (by === "priority") return dataset.priority * AGES + Number(dataset.place);
  if (dataset[by] === "") return AGES - dataset.place;
  return Number(dataset[by] ?? (by === "place" ? NaN : Infinity));
}

function isNewer(element, present) {
  if (!("revision" in present.dataset)) return true;
  return Number(element.dataset.revision) > Number(present.dataset.revision);
}
