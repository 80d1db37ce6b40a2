/*
 * Which rows belong to a saved view: only the server can tell. It says so of every page that it sends (data-judged);
 * whatever has changed since then is asked about, once for a burst, and until then a row that is new is not shown.
 */
import { fragment } from "../lib/http.js";
import { later } from "../lib/later.js";

const htmx = window.htmx;
const CALM = 150;
const MOST = 100;

export class Judgement {
  constructor(list, url) {
    Object.assign(this, { list, url, known: new Map(), doubts: new Set() });
    this.askSoon = later(() => this.ask(), CALM);
  }

  /** The conditions are others now: nothing is known. */
  forget() {
    this.known.clear();
    this.page = undefined;
  }

  /** Whether it is to be shown: it belongs, perhaps as it was a moment ago. */
  belongs({ dataset: { id, revision } }) {
    this.hear();
    const judged = this.known.get(id);
    if (judged === undefined || Number(revision) > judged) this.doubt(id);
    return judged !== undefined;
  }

  /** What the newest page says. */
  hear() {
    const page = this.list.querySelector("#rows-more");
    if (page === this.page || !page) return;
    this.page = page;
    for (const each of page.dataset.judged.split(" ").filter(Boolean)) this.note(...each.split("@"));
  }

  note(id, revision) {
    this.known.set(id, Math.max(Number(revision), this.known.get(id) ?? 0));
    this.doubts.delete(id);
  }

  doubt(id) {
    this.doubts.add(id);
    this.askSoon();
  }

  async ask() {
    const ids = [...this.doubts].slice(0, MOST);
    if (!ids.length || !this.list.isConnected) return;
    for (const id of ids) this.doubts.delete(id);
    const text = await fragment(`${this.url}&only=${ids}`).catch(() => undefined);
    if (text === undefined) return ids.forEach((id) => this.doubt(id));
    const rows = [...new DOMParser().parseFromString(`<ol>${text}</ol>`, "text/html").querySelectorAll(".row")];
    const found = new Set(rows.map(({ dataset }) => dataset.id));
    for (const { dataset } of rows) this.note(dataset.id, dataset.revision);
    for (const id of ids) if (!found.has(id)) this.drop(id);
    if (rows.length) htmx.swap({ sourceElement: this.list, target: this.list, swap: "place", text });
    if (this.doubts.size) this.askSoon();
  }

  drop(id) {
    this.known.delete(id);
    this.list.dispatchEvent(new CustomEvent("rows:judged", { bubbles: true }));
  }
}
