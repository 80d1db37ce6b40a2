/* Tells this browser's owner something aloud, as <alert-switches> says for it: of several tabs, the first one that hears of it. */
import { alerts } from "../elements/alert-switches.js";

const BEHIND = 10_000;
let audio;

/** `key` names the news, the same in every tab; `open` leads to it. */
export async function ring({ key, title, body, tag, open }) {
  if (!(await claim(key))) return;
  const { desktop, sound } = alerts();
  const isElsewhere = document.hidden || !document.hasFocus();
  if (desktop && isElsewhere && globalThis.Notification?.permission === "granted") notify({ title, body, tag, open });
  if (sound) chime();
}

/** Whether this tab is the first to hear of it; the others find the lock taken for as long as they may be behind. */
function claim(key) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`alert:${key}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && new Promise((release) => { setTimeout(release, BEHIND); });
    });
  });
}

function notify({ title, body, tag, open }) {
  const note = new Notification(title, { body, tag });
  note.onclick = () => {
    window.focus();
    open();
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
