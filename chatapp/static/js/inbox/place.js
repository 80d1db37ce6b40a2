/*
 * The swap style "place": each element goes where its data-place says, once. An element that is there already gives way
 * only to a newer data-revision, so the sender's own copy, the socket's and a replay are one, in whatever order they come.
 * "through:<n>" tells the list that it now knows everything up to revision n, "read:<n>" how far the visitor has read.
 */
const htmx = window.htmx;

htmx.registerExtension("place", {
  handle_swap(style, list, fragment, { through, read }) {
    if (style !== "place") return false;
    const added = [...fragment.children].filter((element) => place(list, element));
    if (through) list.dataset.since = Math.max(through, Number(list.dataset.since));
    if (read) list.dataset.read = Math.max(read, Number(list.dataset.read));
    return added;
  },
});

/** Put the element into the list; false when what is there is as new. */
export function place(list, element) {
  const present = document.getElementById(element.id);
  if (!present) return insert(list, element);
  if (!isNewer(element, present)) return false;
  const focused = present.contains(document.activeElement) && document.activeElement;
  if (present === list || element.dataset.place === present.dataset.place) present.replaceWith(element);
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
  const mine = Number(element.dataset.place);
  const next = [...list.children].find((other) => {
    const theirs = Number(other.dataset.place ?? NaN);
    return isDescending ? theirs < mine : theirs > mine;
  });
  list.insertBefore(element, next ?? null);
  return true;
}

function isNewer(element, present) {
  if (!("revision" in present.dataset)) return true;
  return Number(element.dataset.revision) > Number(present.dataset.revision);
}
