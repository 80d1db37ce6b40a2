/* Who is there, wherever an element carries data-of: the marks are the server's, these keep them up. */

export function place(id, state) {
  for (const mark of document.querySelectorAll(`[data-of="${CSS.escape(id)}"]`)) mark.dataset.presence = state;
}

/** `people` maps ids to states; whoever is not named is offline. */
export function replaceAll(people) {
  for (const mark of document.querySelectorAll("[data-of]")) mark.dataset.presence = people[mark.dataset.of] ?? "offline";
}
