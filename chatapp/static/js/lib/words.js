/* Comparing what is typed with what is written: without accents, capitals and order. */

/** Small letters without accents; one letter stays one letter. */
export function plain(text) {
  return [...text].map((letter) => letter.normalize("NFD").replace(/\p{Mark}/gu, "").toLowerCase() || letter).join("");
}

export function wordsOf(text) {
  return plain(text).split(" ").filter(Boolean);
}

/** Whether a text holds every one of these words, or parts of words. */
export function holds(text, words) {
  const whole = plain(text);
  return words.every((word) => whole.includes(word));
}
