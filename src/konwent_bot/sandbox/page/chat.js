// One chat on the screen of one phone: the log, the keys, the line to write in.

import { avatar, disclose, h, icon, setText } from "./dom.js";
import { call } from "./api.js";
import { Composer } from "./composer.js";
import { happened, inviteForm } from "./chats.js";
import { Log } from "./message.js";
import { openingHash } from "./text.js";
import { dayKey, dayOf } from "./words.js";

/** How near the newest message (pixels) still counts as reading it. */
const NEAR = 80;
/** How long (seconds) a pressed key waits for the bot's answer. */
const PATIENCE = 10;

/** The view of a private chat (`route.bot`) or a group (`route.group`). */
export async function chatView(context, route) {
  const view = new ChatView(context, route);
  await view.update();
  return view;
}

class ChatView {
  #context;
  #person;
  #path;
  #state = null;
  #asking = null;
  #again = false;
  #first = true;

  constructor(context, route) {
    this.#context = context;
    this.#person = context.person;
    this.#path = `/phone/${this.#person.id}/${route.group ? `group/${route.group}` : `chat/${route.bot}`}`;
    this.#build();
  }

  get title() {
    return `${this.#state.chat.title}, telefon: ${this.#person.first_name}`;
  }

  #build() {
    const id = this.#person.id;
    this.heading = h("h1", { tabindex: "-1", dir: "auto" });
    this.picture = h("span", { class: "avatar-slot" });
    this.subtitle = h("p", { class: "bar-sub", dir: "auto" });
    this.more = h("button", { type: "button", class: "round", "aria-label": "Więcej o tej rozmowie" }, icon("dots"));
    this.blocking = h("button", { type: "button", class: "act", on: { click: () => this.#block() } });
    const picker = h("input", { type: "file", multiple: true, hidden: true, on: { change: () => {
      void this.#sendFile([...picker.files]).finally(() => (picker.value = ""));
    } } });
    this.filing = h("button", { type: "button", class: "act", on: { click: () => picker.click() } }, "Wyślij plik albo obraz", picker);
    this.sheet = h("div", { class: "sheet sheet-top", id: "chat-sheet", hidden: true },
      this.filing, this.blocking, inviteForm(this.#context, () => this.closeSheet()));
    this.closeSheet = disclose(this.more, this.sheet);
    this.inner = h("div", { class: "log-inner" });
    this.empty = h("div", { class: "empty", hidden: true });
    this.scroller = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "Wiadomości", tabindex: "0" }, this.inner);
    this.newer = h("button", { type: "button", class: "newer", hidden: true, on: { click: () => this.#toNewest(true) } }, "Nowe wiadomości", icon("down"));
    this.composer = new Composer({
      send: (text, replyTo) => this.#post("send", replyTo ? { text, reply_to: replyTo } : { text }),
      edit: (text, id) => this.#post("edit", { message_id: id, text }),
      start: () => this.#post("start", {}),
      unblock: () => this.#post("unblock", {}),
    });
    this.log = new Log(this.inner, {
      person: id,
      language: this.#person.language_code,
      commands: this.composer.commands,
      find: (messageId) => this.#state.messages.find((message) => message.message_id === messageId) ?? null,
      reply: (message) => this.composer.replyTo(message),
      edit: (message) => this.composer.editing(message),
      tap: (message, key, settled) => this.#tap(message, key, settled),
    });
    this.node = h("section", { class: "view chat", "aria-label": "Rozmowa" },
      h("div", { class: "bar" },
        h("a", { class: "round", href: `#/osoba/${id}`, "aria-label": "Wróć do rozmów" }, icon("back")),
        this.picture, h("div", { class: "bar-words" }, this.heading, this.subtitle), this.more, this.sheet),
      h("div", { class: "log-frame" }, this.empty, this.scroller, this.newer),
      this.composer.node);
    this.scroller.addEventListener("scroll", () => {
      this.stuck = this.#atNewest();
      if (this.stuck) this.newer.hidden = true;
    }, { passive: true });
    // A keyboard sliding in, a growing line to write in or a loaded picture must not push the newest message out of sight.
    // Who has scrolled further down to the keys stays there.
    this.watch = new ResizeObserver(() => {
      if (this.stuck && this.scroller.scrollTop < this.#newest()) this.#toNewest();
    });
    this.watch.observe(this.scroller);
    this.watch.observe(this.inner);
    this.stuck = true;
  }

  /** Ask for the chat and show what changed. Calls that overlap are folded into one more question at the end. */
  update() {
    if (this.#asking) {
      this.#again = true;
      return this.#asking;
    }
    this.#asking = this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #ask() {
    do {
      this.#again = false;
      const state = await call(this.#path);
      if (this.#state && JSON.stringify(state) === JSON.stringify(this.#state)) continue;
      this.#show(state);
    } while (this.#again);
  }

  #show(state) {
    const before = this.#state?.messages.at(-1);
    const last = before?.message_id ?? 0;
    this.#state = state;
    const { chat } = state;
    setText(this.heading, chat.title);
    const group = chat.kind !== "private";
    setText(this.subtitle, state.blocked ? "zablokowany" : group ? "grupa" : `@${chat.bot}`);
    if (this.#first) this.picture.replaceChildren(avatar(chat.title, group ? "group" : null));
    this.filing.hidden = !group && (state.blocked || !state.started);
    this.blocking.hidden = group || !(state.started || state.blocked);
    setText(this.blocking, state.blocked ? "Odblokuj" : "Zablokuj");
    this.empty.hidden = state.messages.length > 0;
    if (this.#first) {
      this.empty.append(avatar(chat.title, group ? "group" : null),
        h("p", { dir: "auto", text: state.description || (group ? "Tu jeszcze nic nie napisano." : "Rozmowa zaczyna się od przycisku Start.") }));
    }
    this.composer.show(state);
    this.log.show(withDays(state.messages));
    const newest = state.messages.at(-1);
    if (newest && newest.message_id > last && !this.#first) {
      if (this.stuck || newest.from === "me") this.#toNewest();
      else this.newer.hidden = false;
    } else if (newest && newest.message_id === last && this.stuck && opening(newest) !== opening(before)) {
      // It begins with other words: another screen in the place of the last one, to be read from its beginning.
      this.#toNewest();
    }
    this.#first = false;
  }

  /** The view is on the page now. */
  mounted() {
    this.#toNewest();
    // On a touch screen the focus would call up the keyboard, which is not wanted before one decides to write.
    if (!matchMedia("(pointer: fine)").matches) return false;
    this.composer.focus();
    return true;
  }

  leave() {
    this.watch.disconnect();
  }

  /** Where to stand to read the newest message: at its end, or at its beginning when it does not fit on the screen with its keys. */
  #newest() {
    const last = this.inner.lastElementChild;
    const end = this.scroller.scrollHeight - this.scroller.clientHeight;
    return last ? Math.min(end, last.offsetTop - this.inner.offsetTop) : end;
  }

  #atNewest() {
    return this.scroller.scrollTop >= this.#newest() - NEAR;
  }

  #toNewest(focus = false) {
    this.scroller.scrollTop = this.#newest();
    this.stuck = true;
    this.newer.hidden = true;
    if (focus) this.scroller.focus({ preventScroll: true });
  }

  /** Post, then look at once (the live channel may be a moment late). True when it went well; a refusal is said and false. */
  async #post(act, body) {
    return this.#context.attempt(async () => {
      const answer = await call(`${this.#path}/${act}`, body);
      await this.update();
      return answer;
    });
  }

  /**
   * Press a key as it is shown. Like the real client it sends the key's own data, so a key that the bot has replaced meanwhile is
   * pressed as the old key it was, never as the new one in its place. Resolves when the press is on its way; `settled` when the bot
   * has answered it or is given up on.
   */
  async #tap(message, key, settled) {
    const { message_id } = message;
    if (key.kind === "copy") {
      settled();
      return this.#context.attempt(async () => {
        await navigator.clipboard.writeText(key.data);
        this.#context.say("Skopiowano.");
      });
    }
    const pressed = await this.#post("tap", key.kind === "callback" ? { message_id, data: key.data, forged: true } : { message_id, text: key.text });
    if (pressed.callback_id) void this.#context.attempt(() => this.#answered(pressed.callback_id)).finally(settled);
    else settled();
    return pressed;
  }

  /** Wait for the bot's answer to a press and show what it says. */
  async #answered(callback) {
    const answer = await call(`/phone/${this.#person.id}/callbacks/${callback}?timeout=${PATIENCE}`);
    await this.update();
    if (answer.text) this.#context.say(answer.text);
    else if (!answer.answered) this.#context.say("Naciśnięcie dotarło, ale na razie nikt na nie nie odpowiedział.");
    if (answer.url) location.hash = openingHash(this.#person.id, answer.url);
  }

  async #sendFile(picked) {
    this.closeSheet();
    this.more.focus();
    for (const file of picked) {
      const form = new FormData();
      form.append("as", /^image\/(?:png|jpeg)$/u.test(file.type) ? "photo" : "document");
      form.append("file", file);
      await this.#post("file", form);
    }
  }

  async #block() {
    this.closeSheet();
    this.more.focus();
    await this.#post(this.#state.blocked ? "unblock" : "block", {});
  }
}

/** How a message begins: its first line. */
const opening = (message) => message.text.split("\n", 1)[0];

/** Messages with a line for each new day before the first message of it. */
function withDays(messages) {
  const entries = [];
  let last = "";
  for (const message of messages) {
    const date = new Date(message.date);
    const key = dayKey(date);
    if (key !== last) entries.push([`day ${key} ${message.message_id}`, { day: dayOf(date) }]);
    last = key;
    const line = message.service && happened(message.service);
    entries.push([message.message_id, line ? { day: line } : message]);
  }
  return entries;
}
