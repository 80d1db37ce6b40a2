/* How long a text may be: told when it gets near, and refused beyond. Letters are counted as the server counts them. */
const NEAR = 0.05;

/** Draw the line that tells it, whose data- has the sentences; whether the text is too long. */
export function measure(line, text, longest) {
  const excess = [...text.trim()].length - longest;
  const sentence = line.dataset[excess > 0 ? "over" : "left"];
  line.hidden = excess < -longest * NEAR;
  line.classList.toggle("is-over", excess > 0);
  line.textContent = line.hidden ? "" : sentence.replace("…", new Intl.NumberFormat(document.documentElement.lang).format(Math.abs(excess)));
  return excess > 0;
}
