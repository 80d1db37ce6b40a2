/*
 * Tells an agent aloud that a visitor wrote to them, or to nobody yet, in another conversation than the one before their eyes, as
 * soon as its row moves; <notification-bell> knows whether they want to be told, and tells of everything else.
 */
import { ring } from "../lib/ring.js";

export class Bell {
  constructor(host, signal) {
    this.host = host;
    this.newest = Math.max(0, ...[...host.querySelectorAll("#rows > .row")].map((row) => Number(row.dataset.place)));
    host.addEventListener("placed", ({ target, detail }) => target.id === "rows" && this.hear(detail), { signal });
  }

  hear(row) {
    const place = Number(row.dataset.place);
    if (!(place > this.newest)) return;
    this.newest = place;
    if (this.concerns(row) && !this.isLookedAt(row)) tell(row);
  }

  concerns({ classList, dataset: { assignee } }) {
    if (!classList.contains("is-unread") || (assignee && assignee !== this.host.dataset.me)) return false;
    return document.querySelector("notification-bell").wants(assignee ? "message" : "unassigned");
  }

  isLookedAt({ dataset: { id } }) {
    return !document.hidden && document.hasFocus() && this.host.querySelector(".thread__log")?.dataset.id === id;
  }
}

function tell(row) {
  const link = row.querySelector("a");
  ring({
    key: `${row.dataset.id}:${row.dataset.place}`,
    title: link.textContent.trim(),
    body: row.querySelector(".row__preview").textContent.trim(),
    tag: row.dataset.id,
    open: () => (document.getElementById(row.id)?.querySelector("a") ?? link).click(),
  });
}
