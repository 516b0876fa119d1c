// One message of a chat as a node that is built once and then patched part by part: a part that did not change is not touched,
// so a focused key keeps its focus while the bot edits the words above it.

import { arrange, h, icon, Keyed, setText, unseen } from "./dom.js";
import { linkKey, richNodes } from "./text.js";
import { clockOf, languageOf, size } from "./words.js";

/**
 * `chat`: {person, language, mine (may be edited), commands, tap(message, key, settled), reply(message), edit(message), find(id)}.
 * `node` belongs to the log; `show(message)` makes it tell this message.
 */
export class MessageNode {
  #chat;
  #message = null;
  #shown = {};
  #sending = new Set();
  #waiting = new WeakMap();
  #quote = h("p", { class: "quote", hidden: true });
  #media = h("div", { class: "media", hidden: true });
  #text = h("div", { class: "text", dir: "auto" });
  #edited = h("span", { class: "edited", text: "poprawiono", hidden: true });
  #time = h("time");
  #acts = h("div", { class: "acts", hidden: true });
  #more = h("button", { type: "button", class: "more", "aria-expanded": "false" }, icon("dots"));
  #keys = h("div", { class: "keys", role: "group", hidden: true });
  #author = h("p", { class: "author", dir: "auto", hidden: true });

  constructor(chat) {
    this.#chat = chat;
    this.#more.addEventListener("click", () => this.#toggle());
    this.#acts.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.#toggle();
      this.#more.focus();
    });
    this.node = h("article", { class: "message", tabindex: "-1" },
      h("div", { class: "bubble" }, this.#author, this.#quote, this.#media,
        h("div", { class: "line" }, this.#text, h("p", { class: "meta" }, this.#edited, this.#more, this.#time)),
        this.#acts),
      this.#keys);
  }

  show(message) {
    this.#message = message;
    this.#part("frame", [message.from, message.author, message.date], () => {
      const date = new Date(message.date);
      const who = message.from === "me" ? "Ja" : message.author;
      this.node.classList.remove("from-me", "from-bot", "from-other");
      this.node.classList.add(`from-${message.from === "me" ? "me" : message.from === "bot" ? "bot" : "other"}`);
      this.node.setAttribute("aria-label", `${who}, ${clockOf(date)}`);
      this.#time.dateTime = message.date;
      setText(this.#time, clockOf(date));
      this.#author.hidden = message.from !== "other";
      setText(this.#author, message.author ?? "");
      this.#more.setAttribute("aria-label", `Co zrobić z wiadomością: ${who}, ${clockOf(date)}`);
    });
    this.#part("text", [message.html, [...this.#chat.commands.known]], () => {
      const lines = message.html !== "";
      this.#text.hidden = !lines;
      this.#text.lang = languageOf(message.text, this.#chat.language);
      this.#text.replaceChildren(...richNodes(message.html, this.#chat.person, this.#chat.commands));
    });
    // As the real client does: what a bot puts in its message's place is not marked.
    this.#part("edited", message.edited && message.from !== "bot", (marked) => (this.#edited.hidden = !marked));
    const replied = message.reply_to ? this.#chat.find(message.reply_to) : null;
    this.#part("quote", replied ? [replied.author, replied.text] : null, () => {
      this.#quote.hidden = !replied;
      if (!replied) return;
      this.#quote.replaceChildren(unseen("Odpowiedź na: "), h("b", { text: replied.from === "me" ? "Ja" : replied.author }),
        h("span", { dir: "auto", text: replied.text || "załącznik" }));
    });
    this.#part("media", [message.photo, message.document], () => {
      this.#media.hidden = !message.photo && !message.document;
      this.#media.replaceChildren(...[message.photo && picture(message), message.document && file(message.document)].filter(Boolean));
    });
    this.#part("keys", message.keyboard, () => this.#showKeys(message.keyboard ?? []));
    if (!this.#acts.hidden) this.#fillActs();
  }

  /** Run `patch` only when what this part shows has changed. */
  #part(name, value, patch) {
    const told = JSON.stringify(value ?? null);
    if (this.#shown[name] === told) return;
    this.#shown[name] = told;
    patch(value);
  }

  #showKeys(rows) {
    const held = this.#keys.contains(document.activeElement);
    this.#keys.hidden = rows.length === 0;
    this.#keys.setAttribute("aria-label", "Przyciski pod wiadomością");
    while (this.#keys.childElementCount > rows.length) this.#keys.lastElementChild.remove();
    rows.forEach((keys, row) => {
      const line = this.#keys.children[row] ?? this.#keys.appendChild(h("div", { class: "keys-row" }));
      arrange(line, keys.map((key, col) => this.#key(line.children[col], key, row, col)));
    });
    // The key that was held is gone. Its message takes the focus: a neighbouring key might be pressed by mistake.
    if (held && !this.#keys.contains(document.activeElement)) this.node.focus({ preventScroll: true });
  }

  #key(old, key, row, col) {
    const { text } = key;
    if (key.kind === "url" || key.kind === "web_app") return linkKey(key.url, this.#chat.person, text);
    if (old?.tagName === "BUTTON") {
      setText(old.firstChild, text);
      return old;
    }
    const button = h("button", { type: "button", class: "key" },
      h("span", { class: "key-text", dir: "auto", text }));
    button.addEventListener("click", () => this.#press(button, this.#message.keyboard[row][col]));
    return button;
  }

  /** The key shows it is pressed until the bot answers; a second press is taken only once the first is on its way. */
  async #press(button, key) {
    if (this.#sending.has(button)) return;
    this.#sending.add(button);
    const waiting = (this.#waiting.get(button) ?? 0) + 1;
    this.#waiting.set(button, waiting);
    button.setAttribute("aria-busy", "true");
    try {
      await this.#chat.tap(this.#message, key, () => this.#waiting.get(button) === waiting && button.removeAttribute("aria-busy"));
    } finally {
      this.#sending.delete(button);
    }
  }

  #toggle() {
    const open = this.#acts.hidden;
    this.#acts.hidden = !open;
    this.#more.setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.#fillActs();
    this.#acts.querySelector("button").focus();
  }

  #fillActs() {
    const editable = this.#message.from === "me" && !this.#message.document && !this.#message.photo;
    this.#part("acts", editable, () => {
      const act = (text, run) => h("button", { type: "button", class: "act", text, on: { click: () => {
        this.#toggle();
        run(this.#message);
      } } });
      this.#acts.replaceChildren(act("Odpowiedz", this.#chat.reply), ...(editable ? [act("Popraw", this.#chat.edit)] : []));
    });
  }
}

function picture(message) {
  const { href, width, height } = message.photo;
  const alt = message.text ? "Obraz; jego opis stoi pod spodem" : "Obraz bez opisu";
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", class: "picture" },
    h("img", { src: href, width, height, alt, decoding: "async" }), unseen(" (otwiera się w nowej karcie)"));
}

/** A document as a card to download; also used by letters. */
export function file({ name, mime, size: bytes, href }) {
  const kind = /\.([a-z0-9]{1,5})$/iu.exec(name ?? "")?.[1]?.toUpperCase() ?? mime ?? "plik";
  return h("a", { href, download: name ?? "", class: "file" },
    h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-words" },
      h("span", { class: "file-name", dir: "auto", text: name ?? "plik" }),
      h("span", { class: "file-size", text: `${kind}, ${size(bytes ?? 0)}` })),
    unseen(" (pobierz)"));
}

/** Days and messages of one log, in order, kept by key. */
export class Log {
  #list;
  #made = new WeakMap();
  #chat;

  constructor(parent, chat) {
    this.#list = new Keyed(parent);
    this.#chat = chat;
  }

  /** `entries`: [key, {day} | message]. */
  show(entries) {
    this.#list.show(entries, (item, old) => {
      if ("day" in item) return old ?? h("p", { class: "day" }, h("span", { text: item.day }));
      let made = old && this.#made.get(old);
      if (!made) {
        made = new MessageNode(this.#chat);
        this.#made.set(made.node, made);
      }
      made.show(item);
      return made.node;
    });
  }
}
