/** Waiting between attempts: 1, 2, 4 … 15 seconds, each ±50 % so that a thousand visitors do not come back at once. */

export const patience = (attempt) => Math.min(15, 2 ** attempt) * (0.5 + Math.random()) * 1000;

/** Sleeps, but wakes early when the browser comes online, becomes visible, or somebody calls `wake()`. */
export class Nap {
  #wake = () => {};

  for(milliseconds) {
    this.#wake();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }

  wake() {
    this.#wake();
  }
}
