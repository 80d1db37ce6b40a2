/** Browser storage that may be forbidden: in a cross-site frame merely touching it can throw. Then memory has to do. */

/** The page has logged its person out: nothing of theirs stays here. */
export const forgets = new URLSearchParams(location.search).has('forget');

class Keep {
  #memory = new Map();

  constructor(area) {
    this.area = area;
  }

  get(name) {
    try { return JSON.parse(window[this.area].getItem(name)); } catch { return this.#memory.get(name) ?? null; }
  }

  set(name, value) {
    this.#memory.set(name, value);
    try { window[this.area].setItem(name, JSON.stringify(value)); } catch { /* kept in memory */ }
  }
}

export const lasting = new Keep('localStorage');
export const passing = new Keep('sessionStorage');
