// Whose phone do you hold: the list of people, found by name, institution or role, and a form for one more.

import { avatar, h, icon, Keyed, setText } from "./dom.js";
import { call } from "./api.js";
import { openingHash } from "./text.js";
import { count, fullName, matches } from "./words.js";

const LANGUAGES = { pl: "polski", en: "angielski", uk: "ukraiński" };

/** How many people stand in the list at once; a sandbox may hold thousands. */
const SHOWN = 200;

/** The chooser. `route.url`: a messenger's link waiting for somebody to open it. */
export async function peopleView(context, route) {
  const waiting = route.url ?? null;
  const target = (person) => (waiting ? openingHash(person.id, waiting) : `#/osoba/${person.id}`);
  const heading = h("h1", { tabindex: "-1", text: waiting ? "Na czyim telefonie otworzyć link?" : "Czyj telefon trzymasz?" });
  const search = h("input", { type: "search", id: "find", autocomplete: "off", placeholder: "np. GOPS, kierownik, Nowak" });
  const found = h("p", { class: "found", role: "status" });
  const list = h("ul", { class: "rows" });
  const rows = new Keyed(list);
  let people = [];

  function show() {
    const shown = people.filter((person) => matches(`${fullName(person)} ${person.note} ${person.id}`, search.value));
    rows.show(shown.slice(0, SHOWN).map((person) => [person.id, person]), (person, old) => {
      const told = JSON.stringify(person);
      return old?.dataset.told === told ? old : h("li", { data: { told } }, h("a", { class: "row", href: target(person) },
        avatar(fullName(person)),
        h("span", { class: "row-words" },
          h("span", { class: "row-title", dir: "auto", text: fullName(person) }),
          person.note ? h("span", { class: "row-note", dir: "auto", text: person.note }) : null),
        h("span", { class: "chip", lang: "pl", text: LANGUAGES[person.language_code] ?? person.language_code })));
    });
    setText(found, people.length === 0 ? "Nie ma jeszcze nikogo. Dodaj pierwszą osobę poniżej."
      : shown.length > SHOWN ? `${count(shown.length, "osoba", "osoby", "osób")}, widać pierwsze ${SHOWN}. Zawęź szukanie.`
      : search.value.trim() ? `Znaleziono: ${count(shown.length, "osoba", "osoby", "osób")}` : count(people.length, "osoba", "osoby", "osób"));
  }

  async function update() {
    ({ people } = await call("/phone"));
    show();
  }

  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    const only = list.querySelectorAll("a");
    if (event.key === "Enter" && only.length === 1) only[0].click();
  });
  await update();
  const node = h("section", { class: "view page" }, heading,
    waiting ? h("p", { class: "lede waiting", text: waiting }) : h("p", { class: "lede", text: "Wybierz osobę, a zobaczysz jej rozmowy tak jak na telefonie." }),
    h("div", { class: "field" }, h("label", { for: "find", text: "Szukaj osoby" }), search, found),
    list, addForm(context, (person) => (location.hash = target(person))));
  return { node, title: "Czyj telefon", heading, update };
}

function addForm(context, done) {
  const first = h("input", { id: "new-first", required: true, maxlength: "64", autocomplete: "off" });
  const last = h("input", { id: "new-last", maxlength: "64", autocomplete: "off" });
  const note = h("input", { id: "new-note", maxlength: "200", autocomplete: "off", "aria-describedby": "new-note-help" });
  const language = h("select", { id: "new-language" }, ...Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code, text: name })));
  const field = (input, text, help = null) => h("div", { class: "field" }, h("label", { for: input.id, text }), input, help);
  const form = h("form", {},
    field(first, "Imię"), field(last, "Nazwisko (można pominąć)"), field(language, "Język telefonu"),
    field(note, "Notatka (można pominąć)", h("p", { class: "help", id: "new-note-help", text: "Na przykład: GOPS Modliborzyce, zwierzchnik" })),
    h("button", { type: "submit", class: "big", text: "Dodaj" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void context.attempt(async () => {
      done(await call("/phone", { first_name: first.value.trim(), last_name: last.value.trim(), language_code: language.value, note: note.value.trim() }));
    });
  });
  return h("details", { class: "more-form" }, h("summary", {}, icon("person"), "Dodaj osobę"), form);
}
