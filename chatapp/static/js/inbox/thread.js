/* How a list of messages reads: days, groups and ticks. Marks only; the messages themselves are the server's. */
const PAUSE = 5 * 60_000;
const ALONE = ".message--note, .message--activity, .is-pending";

const messages = (list) => [...list.children].filter((line) => line.matches(".message"));
const dayOf = (line) => new Date(line.dataset.at).toDateString();

/** A divider before the first message of each of the reader's days. */
export function drawDays(list) {
  const dividers = new Map([...list.querySelectorAll(".day")].map((line) => [line.dataset.day, line]));
  let previous = "";
  for (const line of messages(list)) {
    const day = dayOf(line);
    if (day !== previous) line.before(dividers.get(day) ?? divider(day, line));
    if (day !== previous) dividers.delete(day);
    previous = day;
  }
  dividers.forEach((line) => line.remove());
}

function divider(day, { dataset }) {
  const line = document.createElement("li");
  line.className = "day";
  line.dataset.day = day;
  line.dataset.place = dataset.place - 0.5;
  const time = document.createElement("local-time");
  time.setAttribute("format", "day");
  time.setAttribute("datetime", dataset.at);
  line.append(time);
  return line;
}

/** Mark the first and the last of neighbours that one author wrote within minutes. */
export function group(list) {
  const lines = messages(list);
  lines.forEach((line, index) => {
    line.toggleAttribute("data-first", !isTogether(lines[index - 1], line));
    line.toggleAttribute("data-last", !isTogether(line, lines[index + 1]));
  });
}

function isTogether(one, other) {
  if (!one || !other || one.dataset.author !== other.dataset.author || one.matches(ALONE)) return false;
  return new Date(other.dataset.at) - new Date(one.dataset.at) < PAUSE && dayOf(one) === dayOf(other);
}

/** Let go of lines that were on their way, or scheduled, and have arrived, whoever brought them. */
export function greet(list) {
  for (const line of list.querySelectorAll(".is-pending")) {
    if (list.querySelector(`[data-client-id="${line.dataset.waitsFor}"]`)) line.remove();
  }
  for (const line of list.parentElement.querySelectorAll(".scheduled")) {
    if (list.querySelector(`[data-client-id="${line.dataset.clientId}"]`)) line.remove();
  }
}

/** Whether an id is this reader's, or that of a team of theirs. */
export function isMe(id, element) {
  const { me, teams } = element.closest("[data-me]").dataset;
  return id === me || (id !== "" && teams.split(" ").includes(id));
}

/** Mark what this reader wrote, and where they are called. */
export function own(list) {
  const { me } = list.closest("[data-me]").dataset;
  for (const line of messages(list)) line.toggleAttribute("data-mine", line.dataset.author.endsWith(`:${me}`));
  for (const mention of list.querySelectorAll(".mention")) mention.toggleAttribute("data-me", isMe(mention.dataset.id, list));
}

/** Mark what the visitor has read. */
export function tick(list) {
  const read = Number(list.dataset.read);
  for (const line of messages(list)) line.toggleAttribute("data-seen", Number(line.dataset.place) <= read);
}
