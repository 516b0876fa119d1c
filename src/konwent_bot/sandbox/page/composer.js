// The line to write in: text, commands, a reply, a correction; or Start, or Unblock, when one cannot write.

import { disclose, h, icon, setText } from "./dom.js";

export class Composer {
  #do;
  #mode = { kind: "new", message: null };
  #kept = "";
  #sending = false;

  /** `acts`: send(text, replyTo | null), edit(text, messageId), start(), unblock(); each resolves to something true when done. */
  constructor(acts) {
    this.#do = acts;
    /** Commands the bot has set; `known` changes in place so that messages see it. */
    this.commands = { known: new Set(), send: (text) => this.#do.send(text, null) };
    this.#build();
  }

  #build() {
    this.input = h("textarea", { id: "write", rows: "1", dir: "auto", enterkeyhint: "send", autocomplete: "off", placeholder: "Napisz wiadomość" });
    this.submit = h("button", { type: "submit", class: "round strong", "aria-label": "Wyślij" }, icon("send"));
    this.about = h("p", { class: "about-line", dir: "auto" });
    this.cancel = h("button", { type: "button", class: "round", "aria-label": "Anuluj", on: { click: () => this.#reset(true) } }, icon("close"));
    this.banner = h("div", { class: "banner", hidden: true }, this.about, this.cancel);
    this.menuButton = h("button", { type: "button", class: "round", "aria-label": "Polecenia", hidden: true }, icon("slash"));
    this.menu = h("ul", { class: "sheet sheet-bottom commands", id: "commands", "aria-label": "Polecenia", hidden: true });
    this.closeMenu = disclose(this.menuButton, this.menu);
    this.form = h("form", { class: "write", on: { submit: (event) => this.#submit(event) } },
      this.menuButton, h("label", { class: "unseen", for: "write", text: "Wiadomość" }), this.input, this.submit);
    this.gate = h("div", { class: "gate", hidden: true });
    this.gateButton = h("button", { type: "button", class: "big", on: { click: () => this.#pass() } });
    this.gateNote = h("p");
    this.gate.append(this.gateNote, this.gateButton);
    this.node = h("div", { class: "composer" }, this.menu, this.banner, this.form, this.gate);
    this.input.addEventListener("input", () => this.#grow());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
      else if (event.key === "Escape" && this.#mode.kind !== "new") this.#reset(true);
    });
  }

  /** Show what this person can do in the chat now. */
  show(state) {
    const group = state.chat.kind !== "private";
    this.state = state;
    const held = this.node.contains(document.activeElement);
    const shut = !group && (state.blocked || !state.started);
    this.form.hidden = shut;
    this.gate.hidden = !shut;
    this.banner.hidden = shut || this.#mode.kind === "new";
    setText(this.gateButton, state.blocked ? "Odblokuj" : "Start");
    setText(this.gateNote, state.blocked ? "Ten rozmówca jest zablokowany: nic tu nie dotrze." : "");
    this.gateNote.hidden = this.gateNote.textContent === "";
    this.#showCommands(state.commands ?? []);
    if (held && !this.node.contains(visibleFocus())) this.focus();
  }

  #showCommands(commands) {
    this.menuButton.hidden = commands.length === 0;
    const told = JSON.stringify(commands);
    if (told === this.told) return;
    this.told = told;
    this.commands.known.clear();
    for (const { command } of commands) this.commands.known.add(command);
    this.menu.replaceChildren(...commands.map(({ command, description }) => h("li", {},
      h("button", { type: "button", class: "command", on: { click: () => this.#choose(command) } },
        h("b", { text: `/${command}` }), h("span", { dir: "auto", text: description })))));
  }

  async #choose(command) {
    this.closeMenu();
    this.focus();
    await this.#do.send(`/${command}`, null);
  }

  async #pass() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      await (this.state.blocked ? this.#do.unblock() : this.#do.start());
    } finally {
      this.#sending = false;
    }
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.input.value;
    if (text.trim() === "" || this.#sending) return;
    this.#sending = true;
    this.submit.setAttribute("aria-busy", "true");
    const { kind, message } = this.#mode;
    try {
      const done = kind === "edit" ? await this.#do.edit(text, message.message_id) : await this.#do.send(text, message?.message_id ?? null);
      // What was refused stays in the line; what was typed meanwhile is not lost.
      if (done && this.input.value === text) this.#reset(kind === "edit");
    } finally {
      this.#sending = false;
      this.submit.removeAttribute("aria-busy");
    }
  }

  replyTo(message) {
    this.#enter({ kind: "reply", message }, "Odpowiedź na", message.text || "załącznik");
  }

  editing(message) {
    if (this.#mode.kind !== "edit") this.#kept = this.input.value;
    this.#enter({ kind: "edit", message }, "Poprawka", message.text);
    this.input.value = message.text;
    this.#grow();
  }

  #enter(mode, what, words) {
    if (mode.kind === "reply" && this.#mode.kind === "edit") this.input.value = this.#kept;
    this.#mode = mode;
    this.banner.hidden = false;
    this.about.replaceChildren(h("b", { text: `${what}: ` }), words);
    this.submit.replaceChildren(icon(mode.kind === "edit" ? "check" : "send"));
    this.submit.setAttribute("aria-label", mode.kind === "edit" ? "Zapisz poprawkę" : "Wyślij");
    this.#grow();
    this.focus();
  }

  /** Back to a new message; `restore`: bring back what had been typed before a correction. */
  #reset(restore) {
    const edited = this.#mode.kind === "edit";
    this.#mode = { kind: "new", message: null };
    this.banner.hidden = true;
    if (edited) this.input.value = restore ? this.#kept : "";
    else if (!restore) this.input.value = "";
    this.#kept = "";
    this.submit.replaceChildren(icon("send"));
    this.submit.setAttribute("aria-label", "Wyślij");
    this.#grow();
    this.focus();
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }

  /** Focus what one can act with. */
  focus() {
    (this.form.hidden ? this.gateButton : this.input).focus({ preventScroll: true });
  }
}

const visibleFocus = () => (document.activeElement?.closest("[hidden]") ? null : document.activeElement);
