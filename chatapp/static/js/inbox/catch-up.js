/* How far a thread has come. Its list keeps the number (data-since) up to which it knows everything. */
import { fragment } from "../lib/http.js";

const htmx = window.htmx;

/** Move the number on while there is no hole; true when something newer stands behind a hole. */
export function hasHole(list) {
  const numbers = new Set([...list.children].map((line) => Number(line.dataset.revision ?? 0)));
  let since = Number(list.dataset.since);
  while (numbers.has(since + 1)) since += 1;
  list.dataset.since = since;
  return Math.max(...numbers) > since;
}

/**
 * Fetch everything above the number; false when nobody answered, and the next heartbeat asks again. A conversation that is
 * no longer there for this reader is reported as "log:gone".
 */
export async function catchUp(list, root) {
  try {
    const text = await fragment(`${root}/conversations/${list.dataset.id}/messages?since=${list.dataset.since}`);
    await htmx.swap({ sourceElement: list, target: list, swap: "none", text });
    return true;
  } catch ({ status }) {
    if (status === 404) list.dispatchEvent(new CustomEvent("log:gone", { bubbles: true }));
    return status === 404;
  }
}

/** What waits in the thread to be sent later has no numbers: it is fetched as a whole. */
export async function refreshWaiting(list, root) {
  const text = await fragment(`${root}/conversations/${list.dataset.id}/scheduled-replies`).catch(() => null);
  if (text !== null) await htmx.swap({ sourceElement: list, target: list, swap: "none", text });
}
