/** A function that runs once, a while after it was last called. */
export function later(run, pause) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, pause);
  };
}
