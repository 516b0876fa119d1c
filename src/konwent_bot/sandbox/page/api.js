// Talking to the sandbox: requests with an error that has words for people, and the live channel.

/** The sandbox (or "Telegram" behind it) said no; `message` is a sentence for people. */
export class Problem extends Error {}

/** GET, or POST when there is a body (FormData: multipart; anything else: JSON). Returns parsed JSON. Throws `Problem`. */
export async function call(path, body) {
  const request = { headers: { accept: "application/json" } };
  if (body instanceof FormData) Object.assign(request, { method: "POST", body });
  else if (body !== undefined) {
    Object.assign(request, { method: "POST", body: JSON.stringify(body) });
    request.headers["content-type"] = "application/json";
  }
  let response;
  let text;
  try {
    response = await fetch(path, request);
    text = await response.text();
  } catch {
    throw new Problem("Piaskownica nie odpowiada. Sprawdź, czy jest uruchomiona; strona połączy się sama.");
  }
  let answer = null;
  try {
    answer = text === "" ? {} : JSON.parse(text);
  } catch {
    // Not JSON: a refusal of the HTTP layer in plain words, shown below.
  }
  if (response.ok && answer !== null) return answer;
  const words = answer?.error ?? answer?.description ?? text.trim().slice(0, 200);
  throw new Problem(words ? `Telegram odpowiedział: ${inPolish(words)}` : `Piaskownica odmówiła (kod ${response.status}).`);
}

/** What the sandbox refuses on a phone, in Polish; anything else is shown as it came. */
const POLISH = [
  [/^a message is 1 to (\d+) characters$/u, "wiadomość ma od 1 do $1 znaków."],
  [/^there is nothing to send$/u, "nie ma czego wysłać."],
  [/^the bot is blocked on this phone.*$/u, "ten rozmówca jest zablokowany na tym telefonie. Najpierw go odblokuj."],
  [/^there is no bot (.*)$/u, "nie ma tu rozmówcy o nazwie $1."],
  [/^a start payload is at most 64.*$/u, "kod w linku jest uszkodzony: ma najwyżej 64 znaki, bez spacji i polskich liter."],
  [/^this group has become the supergroup.*$/u, "ta grupa stała się supergrupą. Wróć do rozmów i otwórz ją na nowo."],
  [/^that is not a message of this phone$/u, "to nie jest wiadomość z tego telefonu."],
  [/^there is no such message in this chat$/u, "tej wiadomości już nie ma."],
  [/^the message to answer is not in this chat$/u, "wiadomości, na którą odpowiadasz, już nie ma."],
  [/^this button does nothing here$/u, "ten przycisk nic tu nie robi."],
  [/^there is no such person$/u, "nie ma takiej osoby."],
  [/^there is no such group on this phone$/u, "tej grupy nie ma na tym telefonie."],
  [/^first_name is empty$/u, "imię jest puste."],
  [/^there are (\d+) people already$/u, "jest już $1 osób i więcej się nie zmieści."],
];

function inPolish(words) {
  for (const [pattern, polish] of POLISH) if (pattern.test(words)) return words.replace(pattern, polish);
  return words;
}

/** How often the page asks when the live channel is broken, and how often it makes sure when it is not. Milliseconds. */
const POLL = 2_000;
const ASSURANCE = 20_000;
/** Names of events the sandbox sends. */
const EVENTS = ["chat", "mail", "clock", "people"];
/** A browser holds six connections to one address, whatever the number of tabs. So many of them may be live; the rest ask. */
const SEATS = 4;

/**
 * The live channel of one tab. None while the tab is hidden, and only in so many tabs at once that every tab can still ask:
 * a demo holds several phones in several tabs.
 */
export class Live {
  #path = null;
  #source = null;
  #seat = null;
  #turn = 0;
  #timer = null;
  #period = 0;
  #onChange;

  /** `onChange()`: something may have changed. */
  constructor(onChange) {
    this.#onChange = onChange;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
    addEventListener("online", () => this.#onChange());
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => event.persisted && this.#open());
  }

  /** Listen to this stream from now on. */
  listen(path) {
    if (path === this.#path && this.#timer) return;
    this.#path = path;
    if (document.hidden) this.#close();
    else this.#open();
  }

  #open() {
    this.#close();
    if (this.#path === null) return;
    this.#poll(POLL);
    void this.#connect();
    this.#onChange();
  }

  async #connect() {
    const turn = this.#turn;
    const seat = this.#seat ?? (await freeSeat());
    if (turn !== this.#turn) {
      seat?.();
      return;
    }
    this.#seat = seat;
    if (!seat) return;
    const source = new EventSource(this.#path);
    this.#source = source;
    for (const name of EVENTS) source.addEventListener(name, () => this.#onChange());
    source.onopen = () => {
      this.#poll(ASSURANCE);
      // What happened between the last question and this moment was told to nobody.
      this.#onChange();
    };
    source.onerror = () => {
      this.#poll(POLL);
      this.#onChange();
    };
  }

  #poll(period) {
    // A stream that cannot come back fails again and again: starting anew each time, the question would never be asked.
    if (this.#timer && this.#period === period) return;
    clearInterval(this.#timer);
    this.#period = period;
    this.#timer = setInterval(() => {
      // The browser reconnects by itself unless the answer was no stream at all; and a seat may be free by now.
      if (!this.#source || this.#source.readyState === EventSource.CLOSED) void this.#connect();
      this.#onChange();
    }, period);
  }

  #close() {
    this.#turn += 1;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#source?.close();
    this.#source = null;
    this.#seat?.();
    this.#seat = null;
  }
}

/** Take a free seat among all tabs of this browser; gives what frees it again, or null. Where there are no locks all seats are free. */
async function freeSeat() {
  if (!navigator.locks) return () => undefined;
  for (let number = 1; number <= SEATS; number += 1) {
    const seat = await new Promise((taken) => {
      void navigator.locks.request(`live-${number}`, { ifAvailable: true }, (lock) => {
        if (lock) return new Promise((free) => taken(free));
        taken(null);
        return undefined;
      });
    });
    if (seat) return seat;
  }
  return null;
}
