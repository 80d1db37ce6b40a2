/** Two notes when an answer comes that nobody is looking at; the visitor can turn them off. */
import { lasting } from '../keep.js';

const NAME = 'chatapp:mute';
const NOTES = [[659, 0], [880, 0.12]];
let audio = null;
let last = 0;

export const isMuted = () => Boolean(lasting.get(NAME));
export const mute = (isMute) => lasting.set(NAME, isMute);

/** Before the visitor has touched the panel browsers let nothing sound. */
export async function play() {
  if (isMuted() || Date.now() - last < 2000) return;
  last = Date.now();
  audio ??= new AudioContext();
  await audio.resume();
  for (const [pitch, after] of NOTES) note(pitch, audio.currentTime + after);
}

function note(pitch, at) {
  const tone = new OscillatorNode(audio, { frequency: pitch });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0.12, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.3);
}
