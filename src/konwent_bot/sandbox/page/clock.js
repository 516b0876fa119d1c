// The clock of the sandbox: what time it is in the demo, and moving it.

import { h, setText } from "./dom.js";
import { call } from "./api.js";
import { clockOf, dayOf, span } from "./words.js";

const HOUR = 3_600;
const DAY = 86_400;
const STEPS = [["+1 godzina", HOUR], ["+1 dzień", DAY], ["+7 dni", 7 * DAY]];
const UNITS = [["minut", 60], ["godzin", HOUR], ["dni", DAY]];

export async function clockView(context) {
  const heading = h("h1", { tabindex: "-1", text: "Zegar" });
  const hour = h("time", { class: "hour" });
  const day = h("p", { class: "today" });
  const shift = h("p", { class: "shift" });
  const reset = h("button", { type: "button", class: "big plain", text: "Wróć do prawdziwego czasu", on: { click: () => move({ shift_seconds: 0 }) } });
  const number = h("input", { id: "by", type: "number", min: "1", max: "9999", step: "1", value: "2", inputmode: "numeric", required: true });
  const unit = h("select", { id: "unit" }, ...UNITS.map(([name, seconds]) => h("option", { value: String(seconds), text: name, selected: name === "dni" })));
  const form = h("form", { class: "by" },
    h("div", { class: "field" }, h("label", { for: "by", text: "O ile" }), number),
    h("div", { class: "field" }, h("label", { for: "unit", text: "Czego" }), unit),
    h("button", { type: "submit", class: "big soft", text: "Przesuń" }));

  function tick() {
    const now = context.now();
    setText(hour, clockOf(now));
    hour.dateTime = now.toISOString();
    setText(day, dayOf(now));
  }

  function show() {
    tick();
    const seconds = context.shift();
    setText(shift, Math.abs(seconds) < 1 ? "Zgodny z prawdziwym czasem."
      : `Zegar ${seconds > 0 ? "spieszy się o" : "spóźnia się o"}: ${span(seconds)}.`);
    reset.hidden = Math.abs(seconds) < 1;
  }

  function move(body) {
    return context.attempt(async () => {
      const back = document.activeElement === reset;
      context.setClock(await call("/clock", body));
      show();
      if (back && reset.hidden) heading.focus();
      context.say(`Zegar pokazuje: ${dayOf(context.now())}, ${clockOf(context.now())}.`);
      return true;
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void move({ move_seconds: Number(number.value) * Number(unit.value) });
  });
  const timer = setInterval(tick, 1_000);
  await context.askClock();
  show();
  const node = h("section", { class: "view page clock" }, heading,
    h("p", { class: "lede", text: "Przypomnienia, terminy i głosowania liczą czas według tego zegara." }),
    h("div", { class: "face" }, hour, day, shift),
    h("h2", { text: "Przesuń naprzód" }),
    h("div", { class: "steps" }, ...STEPS.map(([text, seconds]) => h("button", { type: "button", class: "big soft", text, on: { click: () => move({ move_seconds: seconds }) } }))),
    form, reset);
  return { node, heading, title: "Zegar", update: async () => {
    await context.askClock();
    show();
  }, leave: () => clearInterval(timer) };
}
