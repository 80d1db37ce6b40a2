/** What came with a message: pictures that have their room before they are loaded, sound, film, and files to save. */
import { find, locale } from '../page.js';

const make = (tag, values, ...inside) => { const node = Object.assign(document.createElement(tag), values); node.append(...inside); return node; };

/** "512 B", "1.5 MB". */
export function bytes(size) {
  if (size < 1e3) return `${size} B`;
  const [unit, one] = size < 1e6 ? ['kilobyte', 1e3] : ['megabyte', 1e6];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: size < 10 * one ? 1 : 0 }).format(size / one);
}

export function draw(place, files) {
  place.replaceChildren(...files.map((file) => (file.kind === 'image' ? picture(file) : line(file))));
}

function picture({ name, url, thumbnail_url: src, width, height }) {
  const scale = Math.min(1, 240 / width, 200 / height);
  const image = make('img', { src, alt: name, width: width * scale, height: height * scale });
  const button = make('button', { type: 'button', className: 'file__picture' }, image);
  Object.assign(button.dataset, { do: 'later', later: 'files', url });
  return button;
}

function line({ name, url, kind, size }) {
  const link = make('a', { href: url, download: name, className: 'file' }, make('bdi', { textContent: name }), make('small', { textContent: bytes(size) }));
  if (kind === 'file') return link;
  const player = make(kind, { src: url, controls: true, preload: 'none', className: 'file__player', ariaLabel: name });
  return make('div', {}, player, link);
}

/** A picture is looked at as large as there is room. */
export function run({ dataset, firstChild }) {
  const box = find('.large');
  Object.assign(box.querySelector('img'), { src: dataset.url, alt: firstChild.alt });
  box.showModal();
}
