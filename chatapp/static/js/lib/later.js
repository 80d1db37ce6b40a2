/** A function that runs once, a while after the first of many calls: a burst costs one run, a stream one per pause. */
export function later(run, pause) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => {
      timer = 0;
      run();
    }, pause);
  };
}
