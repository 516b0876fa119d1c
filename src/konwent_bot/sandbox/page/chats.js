// The first screen of a phone: with whom this person talks, and a place to paste an invitation link.

import { avatar, h, icon, Keyed } from "./dom.js";
import { call } from "./api.js";
import { isPhoneLink, openingHash } from "./text.js";
import { clockOf, count, dayKey, fullName, shortDayOf } from "./words.js";

export async function chatsView(context) {
  const { person } = context;
  const list = h("ul", { class: "rows" });
  const rows = new Keyed(list);
  const heading = h("h1", { tabindex: "-1", text: "Rozmowy" });

  async function update() {
    const answer = await call(`/phone/${person.id}/chats`);
    const today = dayKey(context.now());
    rows.show(answer.chats.map((chat) => [`${chat.kind === "private" ? chat.bot : chat.id}`, chat]), (chat, old) => {
      const told = JSON.stringify([chat, today]);
      return old?.dataset.told === told ? old : h("li", { data: { told } }, row(person, chat, today));
    });
  }

  await update();
  const node = h("section", { class: "view page" }, heading,
    h("p", { class: "lede" }, "Telefon: ", h("b", { dir: "auto", text: fullName(person) }), person.note ? `, ${person.note}` : null),
    list, inviteForm(context, () => undefined));
  return { node, heading, title: `Rozmowy, telefon: ${person.first_name}`, update };
}

function row(person, chat, today) {
  const group = chat.kind !== "private";
  const href = group ? `#/osoba/${person.id}/grupa/${chat.id}` : `#/osoba/${person.id}/czat/${chat.bot}`;
  const at = chat.last_at ? new Date(chat.last_at) : null;
  return h("a", { class: "row", href },
    avatar(chat.title, group ? "group" : null),
    h("span", { class: "row-words" },
      h("span", { class: "row-title", dir: "auto", text: chat.title }),
      h("span", { class: "row-note row-last", dir: "auto", text: chat.last ? happened(chat.last) : "Rozmowa jeszcze się nie zaczęła" })),
    h("span", { class: "row-side" },
      at ? h("time", { datetime: chat.last_at, text: dayKey(at) === today ? clockOf(at) : shortDayOf(at) }) : null,
      chat.unread > 0 ? h("span", { class: "badge" }, String(chat.unread), h("span", { class: "unseen", text: ` ${count(chat.unread, "nowa", "nowe", "nowych").replace(/^\d+ /u, "")}` })) : null));
}

/** What happened in a group, as the sandbox names it, in Polish. */
const SERVICE = {
  "group created": "Utworzono grupę",
  "group became a supergroup": "Grupa stała się supergrupą i ma nowy numer",
  "left the group": "Ktoś opuścił grupę",
};

/** The Polish words for an event of a group; anything else as it came. */
export const happened = (words) => SERVICE[words] ?? words;

let forms = 0;

/** A field for an invitation link; the link is pressed on this phone. `done()` runs when it was accepted for opening. */
export function inviteForm(context, done) {
  forms += 1;
  const id = `invite-${forms}`;
  const input = h("input", { id, type: "text", inputmode: "url", autocomplete: "off", spellcheck: "false", placeholder: "https://t.me/…?start=…", required: true });
  const wrong = h("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
  const form = h("form", { class: "invite" },
    h("label", { for: id }, "Link z zaproszeniem"),
    h("div", { class: "invite-line" }, input, h("button", { type: "submit", class: "round strong", "aria-label": "Otwórz link" }, icon("link"))),
    wrong);
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = input.value.trim();
    const fits = isPhoneLink(address);
    wrong.hidden = fits;
    input.setAttribute("aria-invalid", String(!fits));
    if (!fits) {
      wrong.textContent = address ? "To nie jest link do rozmowy. Taki link zaczyna się od https://t.me/ i jest w zaproszeniu." : "Wklej tu link z zaproszenia, na przykład https://t.me/nazwa_bota?start=kod.";
      input.setAttribute("aria-describedby", wrong.id);
      input.focus();
      return;
    }
    input.value = "";
    done();
    location.hash = openingHash(context.person.id, address);
  });
  return form;
}
