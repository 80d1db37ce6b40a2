/*
 * <local-time datetime="2026-11-23T10:18:00Z" format="relative">: the reader's own clock, language and day.
 * Formats: relative ("3 min", then "14 Sep"), ago ("3 minutes ago"), time ("10:18"), day ("Today", "Monday, 23 November"), date,
 * until (what lies ahead: "15:00" today, "Mon 09:00" in a week, "14 Dec 09:00" after it).
 */
const page = document.documentElement.lang;
const language = navigator.languages.find((wish) => wish.startsWith(page)) ?? page;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const unit = (name) => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" });
const date = (options) => new Intl.DateTimeFormat(language, options);
const minutes = unit("minute");
const hours = unit("hour");
const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const clock = date({ hour: "2-digit", minute: "2-digit" });
const shortDay = date({ day: "numeric", month: "short" });
const shortDayOfYear = date({ day: "numeric", month: "short", year: "numeric" });
const weekday = date({ weekday: "short" });
const longDay = date({ weekday: "long", day: "numeric", month: "long" });
const full = date({ dateStyle: "full", timeStyle: "short" });

const alive = new Set();
setInterval(() => alive.forEach((element) => element.render()), MINUTE / 2);

const FIXED = ["time", "date"];
const FORMATS = { relative, ago, time: (when) => clock.format(when), day, date: calendarDate, until };

function relative(when) {
  const ago = Date.now() - when;
  if (ago < 45_000) return words.format(0, "second");
  if (ago < HOUR) return minutes.format(Math.max(1, Math.round(ago / MINUTE)));
  if (ago < DAY) return hours.format(Math.round(ago / HOUR));
  return calendarDate(when);
}

function ago(when) {
  const past = Date.now() - when;
  if (past < MINUTE) return words.format(0, "second");
  if (past < HOUR) return words.format(-Math.round(past / MINUTE), "minute");
  if (past < DAY) return words.format(-Math.round(past / HOUR), "hour");
  return words.format(-Math.round(past / DAY), "day");
}

function calendarDate(when) {
  return (when.getFullYear() === new Date().getFullYear() ? shortDay : shortDayOfYear).format(when);
}

function day(when) {
  const behind = Math.round((startOfDay(new Date()) - startOfDay(when)) / DAY);
  return capital(behind < 2 ? words.format(-behind, "day") : longDay.format(when));
}

function until(when) {
  const ahead = Math.round((startOfDay(when) - startOfDay(new Date())) / DAY);
  if (ahead === 0) return clock.format(when);
  return `${ahead > 0 && ahead < 7 ? weekday.format(when) : calendarDate(when)} ${clock.format(when)}`;
}

function startOfDay(when) {
  return new Date(when.getFullYear(), when.getMonth(), when.getDate());
}

function capital(text) {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

export class LocalTime extends HTMLElement {
  static observedAttributes = ["datetime", "format"];

  connectedCallback() {
    if (!FIXED.includes(this.format)) alive.add(this);
    this.render();
  }

  disconnectedCallback() {
    alive.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.render();
  }

  get format() {
    return this.getAttribute("format") ?? "relative";
  }

  render() {
    const when = new Date(this.getAttribute("datetime"));
    if (Number.isNaN(when.getTime())) return;
    const text = FORMATS[this.format](when);
    if (this.textContent !== text) this.textContent = text;
    this.title ||= full.format(when);
  }
}

customElements.define("local-time", LocalTime);
