/*
 * Tells an agent that a visitor wrote to them, or to nobody yet, in another conversation than the one before their eyes: by a
 * sound and, while they work in another window, by a notification of the desktop, as <alert-switches> says for this browser.
 * Of several tabs, the first one that hears of a message rings.
 */
import { alerts } from "../elements/alert-switches.js";

const BEHIND = 10_000;
let audio;

export class Bell {
  constructor(host, signal) {
    this.host = host;
    this.newest = Math.max(0, ...[...host.querySelectorAll("#rows > .row")].map((row) => Number(row.dataset.place)));
    host.addEventListener("placed", ({ target, detail }) => target.id === "rows" && this.hear(detail), { signal });
  }

  async hear(row) {
    const place = Number(row.dataset.place);
    if (!(place > this.newest)) return;
    this.newest = place;
    if (this.concerns(row) && !this.isLookedAt(row) && await claim(row)) ring(row);
  }

  concerns({ classList, dataset: { assignee } }) {
    return classList.contains("is-unread") && (!assignee || assignee === this.host.dataset.me);
  }

  isLookedAt({ dataset: { id } }) {
    return !document.hidden && document.hasFocus() && this.host.querySelector(".thread__log")?.dataset.id === id;
  }
}

/** Whether this tab is the first to hear of it; the others find the lock taken for as long as they may be behind. */
function claim(row) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`alert:${row.dataset.id}:${row.dataset.place}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && new Promise((release) => { setTimeout(release, BEHIND); });
    });
  });
}

function ring(row) {
  const { desktop, sound } = alerts();
  const isElsewhere = document.hidden || !document.hasFocus();
  if (desktop && isElsewhere && globalThis.Notification?.permission === "granted") notify(row);
  if (sound) chime();
}

function notify(row) {
  const link = row.querySelector("a");
  const note = new Notification(link.textContent.trim(), { body: row.querySelector(".row__preview").textContent.trim(), tag: row.dataset.id });
  note.onclick = () => {
    window.focus();
    (document.getElementById(row.id)?.querySelector("a") ?? link).click();
    note.close();
  };
}

/** Two soft tones, a third apart. */
function chime() {
  audio ??= new AudioContext();
  for (const [tone, at] of [[660, 0], [830, 0.12]]) {
    const [source, volume, start] = [audio.createOscillator(), audio.createGain(), audio.currentTime + at];
    source.frequency.value = tone;
    volume.gain.setValueAtTime(0.12, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.35);
    source.connect(volume).connect(audio.destination);
    source.start(start);
    source.stop(start + 0.4);
  }
}
