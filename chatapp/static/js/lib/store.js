/* What must outlive a swap and a reload but not the tab: drafts and unsent messages. Works, if shorter, where storage is refused. */
const memory = new Map();

export function keep(key, value) {
  memory.set(key, value);
  try {
    if (value) sessionStorage.setItem(key, JSON.stringify(value));
    else sessionStorage.removeItem(key);
  } catch {
    // private windows may refuse: the tab's memory still has it
  }
}

export function kept(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}
