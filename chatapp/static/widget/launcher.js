/** How the launcher and our frame look from now on: as the loader was told already, and on a phone as large as the keyboard leaves room. */
import { find } from './page.js';

const [css, ...names] = JSON.parse(find('.panel').dataset.look);

/** For the word `look`. @param view [top, height] of what is left of the screen: a phone's keyboard covers, and does not resize. */
export function look(view) {
  if (!view) return [css, ...names];
  const [top, height] = view.map(Number);
  return [`${css}@media(max-width:480px),(max-height:480px){iframe{top:${top}px;height:${height}px}}`, ...names];
}
