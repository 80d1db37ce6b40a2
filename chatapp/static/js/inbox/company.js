/*
 * Who else is in the open conversation, and who is writing. Signs come over the socket, are lost as they please, and fade:
 * whoever is still looking says so again before it does.
 */
const WRITING = 6_000;
const LOOKING = 130_000;
const AGAIN = 50_000;

export class Company {
  constructor(host, line, signal) {
    Object.assign(this, { host, line, people: new Map() });
    const again = setInterval(() => this.id && line.say({ type: "look" }), AGAIN);
    signal.addEventListener("abort", () => clearInterval(again));
    host.addEventListener("composer:writing", ({ detail }) => line.say({ type: "write", ...detail }), { signal });
    host.addEventListener("log:changed", () => this.said(), { signal });
  }

  /** Another conversation, or the same one drawn anew. */
  meet(id) {
    if (this.id !== id) this.people = new Map();
    this.id = id;
    this.show();
  }

  learn({ type, conversation_id: id, by, is_note: isNote, asks }) {
    if (id !== this.id || by?.id === this.host.dataset.me) return;
    const person = { ...this.people.get(by?.id), name: by?.name };
    if (type === "typing" || type === "writing") Object.assign(person, { writes: Date.now() + WRITING, isNote });
    if (type === "looking" || type === "writing") person.looks = Date.now() + LOOKING;
    if (type === "gone") this.people.delete(by.id);
    else this.people.set(by?.id, person);
    if (asks) this.line.say({ type: "look" });
    this.show();
  }

  /** What somebody was writing has come. */
  said() {
    const author = document.querySelector("#conversation .thread__log > .message:last-of-type")?.dataset.author ?? "";
    const person = this.people.get(author.split(":")[1] || undefined);
    if (person) person.writes = 0;
    this.show();
  }

  show() {
    clearTimeout(this.timer);
    const line = this.host.querySelector("[data-company]");
    if (!line) return;
    const { words, bubble } = this.describe(line.dataset);
    line.querySelector("span").textContent = words.join(" · ");
    line.hidden = !words.length;
    this.host.querySelector(".typing").hidden = !bubble;
    this.host.querySelector("message-log")?.settle?.();
    const ends = [...this.people.values()].flatMap(({ writes, looks }) => [writes, looks]).filter((end) => end > Date.now());
    if (ends.length) this.timer = setTimeout(() => this.show(), Math.min(...ends) - Date.now() + 50);
  }

  /** One sentence for each agent, and whether the visitor is writing. */
  describe({ looks, writes, notes }) {
    const now = Date.now();
    const agents = [...this.people].filter(([id, person]) => id && (person.looks > now || person.writes > now)).map(([, person]) => person);
    const sentence = (person) => (person.writes > now ? (person.isNote ? notes : writes) : looks).replace("{name}", person.name);
    return { words: agents.map(sentence), bubble: this.people.get(undefined)?.writes > now };
  }
}
