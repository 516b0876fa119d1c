// The page of the sandbox: where one is (the address after #), what is on the screen, and what arrives live.

import { h, icon, setText, unseen } from "./dom.js";
import { call, Live, Problem } from "./api.js";
import { chatView } from "./chat.js";
import { chatsView } from "./chats.js";
import { clockView } from "./clock.js";
import { letterView, mailView } from "./mail.js";
import { peopleView } from "./people.js";
import { botOf } from "./text.js";
import { clockOf, count, fullName, shortSpan } from "./words.js";

const main = document.getElementById("main");
const notice = document.getElementById("notice");
const tabs = document.getElementById("tabs");
const topClock = document.getElementById("top-clock");
const topPerson = document.getElementById("top-person");
const topPersonName = document.getElementById("top-person-name");

/** Where one may be. Everything but the chooser, the mail and the clock belongs to a person. */
const PLACES = [
  [/^$/u, () => ({ view: peopleView, tab: "chats" })],
  [/^otworz\/(.+)$/u, (url) => ({ view: peopleView, tab: "chats", url })],
  [/^poczta$/u, () => ({ view: mailView, tab: "mail" })],
  [/^poczta\/(\d+)$/u, (letter) => ({ view: letterView, tab: "mail", letter })],
  [/^zegar$/u, () => ({ view: clockView, tab: "clock" })],
];
const PERSONAL = [
  [/^$/u, () => ({ view: chatsView, tab: "chats" })],
  [/^czat\/([^/]+)$/u, (bot) => ({ view: chatView, tab: "chats", bot })],
  [/^grupa\/(-?\d+)$/u, (group) => ({ view: chatView, tab: "chats", group })],
  [/^otworz\/(.+)$/u, (url) => ({ view: openView, tab: "chats", url })],
  ...PLACES.slice(2),
];

/** What views may use of the page around them. */
const context = {
  person: null,
  base: "#",
  now: () => new Date(Date.now() + drift),
  shift: () => shift,
  setClock,
  askClock: async () => setClock(await call("/clock")),
  askMail,
  mailSeen,
  say,
  attempt,
};

let current = null;
let turn = 0;
let news = 0;
let drift = 0;
let shift = 0;
let mailNewest = 0;

const live = new Live(refresh);

function placeOf(hash) {
  const path = decode(hash.replace(/^#\/?/u, ""));
  const personal = /^osoba\/(\d+)(?:\/(.*))?$/su.exec(path);
  const found = match(personal ? PERSONAL : PLACES, personal ? personal[2] ?? "" : path);
  return found && { ...found, person: personal ? Number(personal[1]) : null };
}

function match(places, path) {
  for (const [pattern, make] of places) {
    const found = pattern.exec(path);
    if (found) return make(...found.slice(1));
  }
  return null;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Go where the address says. The old screen stays until the new one is ready. */
async function go() {
  turn += 1;
  const mine = turn;
  const first = current === null;
  const heard = news;
  const place = placeOf(location.hash);
  let view;
  try {
    if (!place) throw new Problem("Nie ma takiej strony w piaskownicy.");
    await hold(place.person);
    if (mine !== turn) return;
    view = await place.view(context, place);
  } catch (problem) {
    view = sorry(problem);
  }
  if (mine !== turn) {
    view.leave?.();
    return;
  }
  current?.leave?.();
  current = view;
  forget("all");
  main.replaceChildren(view.node);
  main.scrollTop = 0;
  document.title = `${view.title} - Piaskownica`;
  showTabs(place?.tab ?? "chats");
  const settled = view.mounted?.() ?? false;
  if (!first && !settled) (view.heading ?? main).focus({ preventScroll: true });
  // What changed while this screen was being made may be missing on it.
  if (heard !== news) void refresh();
  live.listen(context.person ? `/phone/${context.person.id}/events` : "/events");
}

/** Take this person's phone in hand (null: nobody's). */
async function hold(id) {
  if (context.person?.id === id) return;
  if (id === null) context.person = null;
  else {
    const { people } = await call("/phone");
    context.person = people.find((person) => person.id === id) ?? null;
    if (!context.person) throw new Problem("Nie ma takiej osoby. Wybierz kogoś z listy.");
  }
  context.base = id === null ? "#" : `#/osoba/${id}`;
}

/**
 * Press a messenger's link on this phone, then be where it leads. The address is replaced first: neither going back nor
 * reloading presses again.
 */
async function openView({ person }, { url }) {
  const bot = botOf(url);
  if (!bot) throw new Problem("Ten link nie prowadzi do żadnej rozmowy. Poproś o zaproszenie jeszcze raz.");
  history.replaceState(null, "", `#/osoba/${person.id}/czat/${bot}`);
  await call(`/phone/${person.id}/chat/${bot}/open`, { url });
  return placeOf(location.hash).view(context, placeOf(location.hash));
}

function sorry(problem) {
  if (!(problem instanceof Problem)) console.error(problem);
  const heading = h("h1", { tabindex: "-1", text: "Nie udało się" });
  const node = h("section", { class: "view page" }, heading,
    h("p", { class: "lede", text: problem instanceof Problem ? problem.message : "Ta strona ma błąd. Szczegóły są w konsoli przeglądarki." }),
    h("p", { class: "ways" }, h("button", { type: "button", class: "big", text: "Spróbuj jeszcze raz", on: { click: () => void go() } }),
      h("a", { class: "big soft", href: "#/", text: "Lista osób" })));
  return { node, heading, title: "Nie udało się" };
}

/** Something may have changed: the screen, the clock and the mailbox look again. */
async function refresh() {
  news += 1;
  try {
    await Promise.all([current?.update?.(), context.askClock(), countMail()]);
    forget("line");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(problem.message, { problem: true, kind: "line" });
  }
}

// -- the clock and the mailbox -----------------------------------------------------------------------------------------------------

function setClock(answer) {
  drift = new Date(answer.now).getTime() - Date.now();
  shift = answer.shift_seconds;
  showTop();
  return answer;
}

async function askMail() {
  const { mail } = await call("/mail");
  mailNewest = Math.max(0, ...mail.map((letter) => letter.id));
  return mail;
}

/** Letters that came since this tab last looked into the mailbox. */
async function countMail() {
  const mail = await askMail();
  if (seenMail() === null) mailSeen();
  const fresh = mail.filter((letter) => letter.id > seenMail()).length;
  const badge = tabs.querySelector(".badge");
  if (!badge) return;
  badge.hidden = fresh === 0;
  const [number, ...words] = count(fresh, "nowy list", "nowe listy", "nowych listów").split(" ");
  setText(badge.firstChild, number);
  setText(badge.lastChild, ` ${words.join(" ")}`);
}

const seenMail = () => (sessionStorage.getItem("mail-seen") === null ? null : Number(sessionStorage.getItem("mail-seen")));

function mailSeen() {
  sessionStorage.setItem("mail-seen", String(mailNewest));
  const badge = tabs.querySelector(".badge");
  if (badge) badge.hidden = true;
}

// -- the frame ---------------------------------------------------------------------------------------------------------------------

function showTop() {
  topClock.hidden = false;
  topClock.href = `${context.base}/zegar`;
  const moved = Math.abs(shift) >= 1;
  const told = `${clockOf(context.now())}|${moved ? shortSpan(shift) : ""}`;
  if (topClock.dataset.told !== told) {
    topClock.dataset.told = told;
    topClock.replaceChildren(unseen("Zegar: "), h("b", { text: clockOf(context.now()) }), ...(moved ? [h("span", { class: "moved", text: shortSpan(shift) })] : []));
  }
  topPerson.hidden = context.person === null;
  if (context.person) setText(topPersonName, fullName(context.person));
}

function showTabs(active) {
  const tab = (name, href, symbol, text, badge = false) => h("a", { href, class: "tab", "aria-current": name === active ? "page" : null },
    icon(symbol), h("span", { text }), badge ? h("span", { class: "badge", hidden: true }, h("span"), unseen("")) : null);
  tabs.hidden = false;
  tabs.replaceChildren(
    tab("chats", context.person ? context.base : "#/", context.person ? "chat" : "person", context.person ? "Rozmowy" : "Osoby"),
    tab("mail", `${context.base}/poczta`, "mail", "Poczta", true),
    tab("clock", `${context.base}/zegar`, "clock", "Zegar"));
  showTop();
  countMail().catch(() => undefined);
}

/** Show one sentence above the screen. A problem stays until dismissed or until the next thing goes well; other news leaves by itself. */
function say(text, { problem = false, kind = "act" } = {}) {
  if (notice.dataset.kind === kind && notice.firstChild?.firstChild?.textContent === text) return;
  notice.dataset.kind = kind;
  notice.classList.toggle("problem", problem);
  const close = h("button", { type: "button", class: "round", "aria-label": "Zamknij komunikat", on: { click: () => {
    forget("all");
    (current?.heading ?? main).focus({ preventScroll: true });
  } } }, icon("close"));
  notice.replaceChildren(h("p", { class: "notice-text" }, h("span", { dir: "auto", text }), close));
  clearTimeout(notice.timer);
  if (!problem) notice.timer = setTimeout(() => forget("act"), 8_000);
}

/** Take the sentence away: "line" (the connection), "act" (the last act) or "all". */
function forget(kind) {
  if (kind !== "all" && notice.dataset.kind !== kind) return;
  clearTimeout(notice.timer);
  notice.replaceChildren();
  delete notice.dataset.kind;
}

/** Do something a person asked for; a refusal is said. Gives what `work` gave, or false. */
async function attempt(work) {
  try {
    const answer = await work();
    if (notice.classList.contains("problem")) forget("act");
    return answer || true;
  } catch (problem) {
    if (!(problem instanceof Problem)) console.error(problem);
    say(problem instanceof Problem ? problem.message : "Tego nie udało się zrobić. Szczegóły są w konsoli przeglądarki.", { problem: true });
    return false;
  }
}

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => void go());
setInterval(showTop, 5_000);
await context.askClock().catch(() => undefined);
await go();
