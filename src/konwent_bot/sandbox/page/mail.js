// The mailbox of the sandbox: every letter the product has sent, to whomever.

import { h, icon, Keyed, setText } from "./dom.js";
import { call } from "./api.js";
import { file } from "./message.js";
import { plainNodes, richNodes } from "./text.js";
import { clockOf, count, dayKey, dayOf, languageOf, matches, shortDayOf } from "./words.js";

export async function mailView(context) {
  const heading = h("h1", { tabindex: "-1", text: "Poczta" });
  const search = h("input", { type: "search", id: "find-mail", autocomplete: "off", placeholder: "adres albo temat" });
  // On somebody's phone their own letters come first; an empty field shows everybody's.
  search.value = context.person?.email ?? "";
  const found = h("p", { class: "found", role: "status" });
  const list = h("ul", { class: "rows letters" });
  const rows = new Keyed(list);
  let letters = [];

  function show() {
    const today = dayKey(context.now());
    const shown = letters.filter((letter) => matches(`${letter.to.join(" ")} ${letter.from} ${letter.subject}`, search.value));
    rows.show(shown.map((letter) => [letter.id, letter]), (letter, old) => {
      const told = JSON.stringify([letter, today]);
      return old?.dataset.told === told ? old : h("li", { data: { told } }, row(context, letter, today));
    });
    setText(found, letters.length === 0 ? "Skrzynka jest pusta. Tu trafi każdy list wysłany przez sekretariat."
      : count(shown.length, "list", "listy", "listów"));
  }

  async function update() {
    letters = await context.askMail();
    show();
    context.mailSeen();
  }

  search.addEventListener("input", show);
  await update();
  const node = h("section", { class: "view page" }, heading,
    h("p", { class: "lede", text: search.value
      ? "Listy tej osoby. Puste pole wyszukiwania pokazuje listy do wszystkich. Żaden nie wychodzi poza ten komputer."
      : "Listy do wszystkich osób. Żaden nie wychodzi poza ten komputer." }),
    h("div", { class: "field" }, h("label", { for: "find-mail", text: "Szukaj listu" }), search, found), list);
  return { node, heading, title: "Poczta", update };
}

function row(context, letter, today) {
  const at = new Date(letter.date);
  return h("a", { class: "row", href: `${context.base}/poczta/${letter.id}` },
    h("span", { class: "row-words" },
      h("span", { class: "row-title", dir: "auto", text: letter.subject || "(bez tematu)" }),
      h("span", { class: "row-note row-last", dir: "auto", text: `do: ${letter.to.join(", ")}` })),
    h("span", { class: "row-side" },
      h("time", { datetime: letter.date, text: dayKey(at) === today ? clockOf(at) : shortDayOf(at) }),
      letter.attachments > 0 ? h("span", { class: "clip" }, icon("clip"), h("span", { class: "unseen", text: "z załącznikiem" })) : null));
}

/** One letter: its heading, words and attachments. */
export async function letterView(context, route) {
  const letter = await call(`/mail/${route.letter}`);
  const heading = h("h1", { tabindex: "-1", dir: "auto", text: letter.subject || "(bez tematu)" });
  const at = new Date(letter.date);
  const fact = (name, value) => [h("dt", { text: name }), h("dd", { dir: "auto", text: value })];
  // A letter without plain words is shown by the words of its markup.
  const person = context.person?.id ?? null;
  const words = letter.text.trim() ? plainNodes(letter.text.trim(), person) : richNodes(letter.html, person);
  const node = h("section", { class: "view page letter" },
    h("a", { class: "back", href: `${context.base}/poczta` }, icon("back"), "Poczta"), heading,
    h("dl", { class: "facts" }, ...fact("Od", letter.from), ...fact("Do", letter.to.join(", ")), ...fact("Data", `${dayOf(at)}, ${clockOf(at)}`)),
    letter.calendar ? meeting(letter.calendar) : null,
    h("div", { class: "letter-text", dir: "auto", lang: languageOf(letter.text, "pl") }, ...words),
    letter.attachments.length === 0 ? null : [h("h2", { text: "Załączniki" }), h("ul", { class: "attachments" }, ...letter.attachments.map((item) => h("li", {}, file(item))))]);
  return { node, heading, title: letter.subject || "List", update: async () => undefined };
}

/** What a mail program says above the words of a letter that brings a meeting. */
function meeting(told) {
  const starts = told.starts ? new Date(told.starts) : null;
  const ends = told.ends ? new Date(told.ends) : null;
  const end = ends && (dayKey(ends) === dayKey(starts ?? ends) ? clockOf(ends) : `${dayOf(ends)}, ${clockOf(ends)}`);
  const facts = [
    ["Rodzaj", `${kindOf(told)} (${told.method || "bez METHOD"})`],
    ["Wydarzenie", told.summary || "(bez nazwy)"],
    ["Kiedy", starts ? `${dayOf(starts)}, ${clockOf(starts)}${end ? `–${end}` : ""}` : "(bez daty)"],
    ["Gdzie", told.location || "(bez miejsca)"],
    ["Numer zmiany", String(told.sequence)],
  ];
  return h("section", { class: "meeting", "aria-labelledby": "meeting" }, h("h2", { id: "meeting", text: "Spotkanie w kalendarzu" }),
    h("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [h("dt", { text: name }), h("dd", { dir: "auto", text: value })])));
}

function kindOf({ method, status, sequence }) {
  if (method === "CANCEL") return status === "CANCELLED" ? "Spotkanie odwołane" : "Skreślenie z listy zaproszonych";
  if (method === "REQUEST") return sequence > 0 ? "Zaproszenie zmienione" : "Zaproszenie";
  return "Wpis do kalendarza";
}
