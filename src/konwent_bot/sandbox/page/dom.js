// Building and patching DOM. The only ways in are text nodes, attributes and listeners: no string ever becomes markup here.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element. `props`: `class`, `text`, `on` ({event: listener}), `data` ({name: value}); anything else is an attribute
 * (true: empty attribute; false, null, undefined: none). Children: nodes, strings, nothing.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "text") element.textContent = value;
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A decorative icon from the sprite of index.html. What it means stands in words beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Words only a screen reader speaks. */
export function unseen(text) {
  return h("span", { class: "unseen", text });
}

/** A round picture made of initials; the tint depends on the name alone, so the same person looks the same everywhere. */
export function avatar(name, symbol = null) {
  const tint = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % 6;
  const initials = name.split(/\s+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word)).slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
  return h("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, symbol ? icon(symbol) : initials || "?");
}

/** Set text only when it differs: an unchanged live region stays silent and a selection survives. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Make `parent` hold exactly `nodes`, in order, touching only what differs: a node that stays is never taken out and put back,
 * so focus, selection and scroll inside it survive.
 */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
}

/** A list whose nodes are kept by key: `render(item, node | null)` returns the node, the old one patched or a new one. */
export class Keyed {
  #parent;
  #nodes = new Map();

  constructor(parent) {
    this.#parent = parent;
  }

  /** `entries`: [key, item] pairs in order. */
  show(entries, render) {
    const next = new Map();
    for (const [key, item] of entries) next.set(key, render(item, this.#nodes.get(key) ?? null));
    this.#nodes = next;
    arrange(this.#parent, [...next.values()]);
  }
}

/**
 * A button that opens and closes `panel` (a disclosure). Escape closes it and gives the focus back; so does going elsewhere by
 * keyboard or pressing outside, which keep the focus where they put it. Returns `close`.
 */
export function disclose(button, panel) {
  const outside = (event) => {
    if (!panel.contains(event.target) && !button.contains(event.target)) set(false);
  };
  const set = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) document.addEventListener("pointerdown", outside);
    else document.removeEventListener("pointerdown", outside);
  };
  set(false);
  button.setAttribute("aria-controls", panel.id);
  button.addEventListener("click", () => {
    set(panel.hidden);
    if (!panel.hidden) panel.querySelector("button, input, a")?.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    set(false);
    button.focus();
  });
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && event.relatedTarget !== button && !panel.contains(event.relatedTarget)) set(false);
  });
  return () => set(false);
}
