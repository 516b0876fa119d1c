// Polish words for times, sizes and numbers. Every time is shown as it is in Poland, wherever the browser stands.

const ZONE = "Europe/Warsaw";
const clockFormat = new Intl.DateTimeFormat("pl-PL", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat("pl-PL", { timeZone: ZONE, weekday: "long", day: "numeric", month: "long", year: "numeric" });
const shortFormat = new Intl.DateTimeFormat("pl-PL", { timeZone: ZONE, day: "numeric", month: "short" });
const keyFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const plural = new Intl.PluralRules("pl");

/** 10:21 */
export const clockOf = (date) => clockFormat.format(date);
/** wtorek, 13 stycznia 2026 */
export const dayOf = (date) => dayFormat.format(date);
/** 13 sty */
export const shortDayOf = (date) => shortFormat.format(date);
/** 2026-01-13: the same for every moment of one Polish day. */
export const dayKey = (date) => keyFormat.format(date);

/** `count(3, "wiadomość", "wiadomości", "wiadomości")` -> "3 wiadomości" */
export function count(n, one, few, many) {
  return `${n} ${{ one, few }[plural.select(n)] ?? many}`;
}

/** 1 536 -> "1,5 KB". Units as people see them in a file manager (1 KB = 1024 bytes). */
export function size(bytes) {
  const steps = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let step = 0;
  while (value >= 1024 && step < steps.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${value.toLocaleString("pl-PL", { maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 })} ${steps[step]}`;
}

/** A shift of the clock in words: 93 600 -> "1 dzień i 2 godziny". Seconds are not said. */
export function span(seconds) {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const parts = [
    [Math.floor(minutes / 1440), "dzień", "dni", "dni"],
    [Math.floor(minutes / 60) % 24, "godzina", "godziny", "godzin"],
    [minutes % 60, "minuta", "minuty", "minut"],
  ].filter(([n]) => n > 0);
  if (parts.length === 0) return "mniej niż minuta";
  return parts.slice(0, 2).map(([n, one, few, many]) => count(n, one, few, many)).join(" i ");
}

/** A shift of the clock for a narrow place: "+7 dni", "+2 godz.". */
export function shortSpan(seconds) {
  const sign = seconds < 0 ? "−" : "+";
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes >= 1440) return `${sign}${count(Math.floor(minutes / 1440), "dzień", "dni", "dni")}`;
  if (minutes >= 60) return `${sign}${Math.floor(minutes / 60)} godz.`;
  return `${sign}${minutes} min`;
}

/** A person's full name. */
export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

const fold = (text) => text.toLocaleLowerCase("pl").replaceAll("ł", "l").normalize("NFD").replace(/\p{M}/gu, "");

/** Does `text` contain every word of `query`, diacritics and case aside? */
export function matches(text, query) {
  const folded = fold(text);
  return fold(query).split(/\s+/u).every((word) => folded.includes(word));
}

/** The language of a chat text for a screen reader: Ukrainian by its letters, Polish by its marks, else `fallback`. */
export function languageOf(text, fallback) {
  if (/[\u0400-\u04ff]/u.test(text)) return "uk";
  if (/[ąćęłńóśźż]/iu.test(text)) return "pl";
  return /^[a-z]{2,3}$/u.test(fallback ?? "") ? fallback : "pl";
}
