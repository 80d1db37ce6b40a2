/** What the server wrote into the page: its sentences, its templates, its icons. */

const sentences = JSON.parse(document.getElementById('sentences').textContent);
export const locale = document.documentElement.lang;
export const siteKey = document.querySelector('.panel').dataset.key;

let rest = null;

/** What not every visitor needs: its words, templates, icons and style come with the first thing that wants them. */
function theRest() {
  rest ??= fetchRest().catch(() => { rest = null; throw new Error(sentence('refused')); });
  return rest;
}

/** The script of one of them. */
export const later = (name) => theRest().then(() => import(`./later/${name}.js`));

async function fetchRest() {
  const response = await fetch(`/widget/${encodeURIComponent(siteKey)}/later?locale=${locale}`);
  if (!response.ok) throw response;
  document.body.insertAdjacentHTML('beforeend', await response.text());
  Object.assign(sentences, JSON.parse(find('#sentences-later').textContent));
  const style = find('#style-later');
  if (!style.sheet) await new Promise((resolve) => { style.onload = style.onerror = resolve; });
}

export const find = (selector) => document.querySelector(selector);

/** The sentence of this name in the visitor's language, with its %(blanks)s filled. */
export const sentence = (name, values = {}) =>
  sentences[name].replace(/%\((\w+)\)s/g, (_, blank) => values[blank]);

/** What the html of a message says, in one line. */
export const plain = (html) => new DOMParser().parseFromString(html.replace(/<(?=\/?(br|li|[uo]l|pre|bl))/g, ' <'), 'text/html').body.textContent.replace(/\s+/g, ' ').trim();

/** A fresh copy of <template id=name> and its named parts. */
export function stamp(name) {
  const node = document.getElementById(name).content.firstElementChild.cloneNode(true);
  const parts = {};
  for (const part of node.querySelectorAll('[data-part]')) parts[part.dataset.part] = part;
  return { node, parts };
}

/** A picture, or the initials until there is one. */
export function showAvatar(element, { name, avatar_url: url } = {}) {
  if (element.dataset.of === `${name}|${url}`) return;
  element.dataset.of = `${name}|${url}`;
  element.dataset.tint = [...(name || '')].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 8 + 1;
  element.textContent = (name || '').split(/\s+/, 2).map((word) => word.charAt(0)).join('');
  if (!url) return;
  const image = new Image();
  image.alt = '';
  image.onload = () => element.replaceChildren(image);
  image.src = url;
}

const clock = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
const calendar = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const spelled = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
const DAY = 86_400_000;

const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
const capital = (text) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

export const hour = (time) => clock.format(new Date(time));

/** "Today", "Yesterday" or "8 October". */
export function day(time) {
  const ago = Math.round((midnight(time) - midnight(Date.now())) / DAY);
  return ago > -2 ? capital(relative.format(ago, 'day')) : calendar.format(new Date(time));
}

/** "today", "tomorrow", "Monday" or "8 October": a day to come, inside a sentence. */
export function soon(time) {
  const ahead = Math.round((midnight(time) - midnight(Date.now())) / DAY);
  if (ahead < 2) return relative.format(ahead, 'day');
  return (ahead < 7 ? weekday : calendar).format(new Date(time));
}

/** The hour today, the day before that. */
export const moment = (time) => (midnight(time) === midnight(Date.now()) ? hour(time) : day(time));

/** "in 4 minutes", from seconds. */
export function span(seconds) {
  const [amount, unit] = seconds < 3300 ? [seconds / 60, 'minute'] : seconds < 80_000 ? [seconds / 3600, 'hour'] : [seconds / 86_400, 'day'];
  return spelled.format(Math.max(1, Math.round(amount)), unit);
}
