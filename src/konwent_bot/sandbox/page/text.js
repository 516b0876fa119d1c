// Text from outside becoming nodes. Everything shown in a bubble or a letter goes through here, so this is the page's guard:
// the server's markup is parsed into an inert document and copied tag by tag from a short list, whatever the server promised.

import { h, icon, unseen } from "./dom.js";

const TAGS = new Set(["B", "I", "U", "S", "CODE", "PRE", "BLOCKQUOTE", "BR"]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "IFRAME", "OBJECT", "TITLE"]);
const SPECIAL = /(?:https?:\/\/|tg:\/\/|\bt\.me\/)[^\s<>"„”]+|(?<![\p{L}\p{N}/@.])\/[a-z0-9_]{1,32}(?![\p{L}\p{N}_/@])/giu;
const NO_COMMANDS = { known: new Set(), send: () => undefined };
const TRAILING = /[.,;:!?)\]}'»…]+$/u;

/** Does this address belong to the messenger (t.me, tg://), so that the phone opens it itself? */
export function isPhoneLink(address) {
  const url = parse(address);
  if (!url) return false;
  if (url.protocol === "tg:") return true;
  return /^https?:$/u.test(url.protocol) && /^(?:t\.me|telegram\.me)$/u.test(url.hostname) && url.pathname.length > 1;
}

/** The user name a messenger's link leads to; null when it leads to nobody. */
export function botOf(address) {
  const url = parse(address);
  const name = url?.protocol === "tg:" ? url.searchParams.get("domain") : url?.pathname.split("/")[1];
  return /^[A-Za-z0-9_]{3,64}$/u.test(name ?? "") ? name : null;
}

/** The part of this page that presses a messenger's link as the person (or asks whose phone to use). */
export function openingHash(person, address) {
  const place = `otworz/${encodeURIComponent(withScheme(address))}`;
  return person === null ? `#/${place}` : `#/osoba/${person}/${place}`;
}

/**
 * A link: within the phone for the messenger's addresses, in a new tab for the web, nothing but its words for anything else
 * (`javascript:`, `data:`). `children`: what the link shows.
 */
export function link(address, person, ...children) {
  const url = parse(address);
  if (url && isPhoneLink(address)) return h("a", { href: openingHash(person, address) }, ...children);
  if (url && /^(?:https?|mailto):$/u.test(url.protocol)) {
    return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...children, unseen(" (otwiera się w nowej karcie)"));
  }
  return h("span", {}, ...children);
}

/** A link that looks like a key of the keyboard under a message. */
export function linkKey(address, person, text) {
  const key = link(address, person, h("span", { class: "key-text", dir: "auto", text }));
  key.className = "key key-link";
  key.append(icon(isPhoneLink(address) ? "link" : "out"));
  return key;
}

/** Nodes of the server's safe HTML, copied through the list of tags; bare addresses become links. */
export function richNodes(html, person, commands = NO_COMMANDS) {
  const inert = new DOMParser().parseFromString(`<!doctype html><body>${html}`, "text/html");
  return [...inert.body.childNodes].flatMap((node) => copy(node, { person, commands }, true));
}

/** Nodes of plain text; bare addresses become links, and known commands keys that send themselves. */
export function plainNodes(text, person, commands = NO_COMMANDS) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(SPECIAL)) {
    const words = found[0].startsWith("/") ? found[0] : found[0].replace(TRAILING, "");
    const node = special(words, person, commands);
    if (!node) continue;
    nodes.push(document.createTextNode(text.slice(from, found.index)), node);
    from = found.index + words.length;
  }
  nodes.push(document.createTextNode(text.slice(from)));
  return nodes.filter((node) => node.nodeType !== Node.TEXT_NODE || node.data !== "");
}

function special(words, person, commands) {
  if (!words.startsWith("/")) return parse(words) ? link(words, person, words) : null;
  if (!commands.known.has(words.slice(1))) return null;
  return h("button", { type: "button", class: "command-word", text: words, on: { click: () => commands.send(words) } });
}

function copy(node, context, linkify) {
  const { person, commands } = context;
  if (node.nodeType === Node.TEXT_NODE) return linkify ? plainNodes(node.data, person, commands) : [document.createTextNode(node.data)];
  if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.nodeName)) return [];
  const inner = linkify && !["A", "CODE", "PRE"].includes(node.nodeName);
  const children = [...node.childNodes].flatMap((child) => copy(child, context, inner));
  if (node.nodeName === "A") return [link(node.getAttribute("href") ?? "", person, ...children)];
  if (node.nodeName === "BLOCKQUOTE" && node.hasAttribute("expandable")) return [folded(children)];
  return TAGS.has(node.nodeName) ? [h(node.nodeName.toLowerCase(), {}, ...children)] : children;
}

/** A quotation of which a phone shows the first lines until it is opened. Where all of it fits there is nothing to open. */
function folded(children) {
  const words = h("div", { class: "folded" }, ...children);
  const more = h("button", { type: "button", class: "unfold", lang: "pl", text: "Pokaż wszystko", "aria-expanded": "false", hidden: true });
  more.addEventListener("click", () => {
    const open = words.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = open ? "Zwiń" : "Pokaż wszystko";
  });
  measure.set(words, more);
  sizes.observe(words);
  return h("blockquote", {}, words, more);
}

const measure = new WeakMap();
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (!target.isConnected) sizes.unobserve(target);
    else if (!target.classList.contains("open")) measure.get(target).hidden = target.scrollHeight <= target.clientHeight + 1;
  }
});

const withScheme = (address) => (/^(?:www\.)?t(?:elegram)?\.me\//iu.test(address) ? `https://${address}` : address);

function parse(address) {
  try {
    return new URL(withScheme(address));
  } catch {
    return null;
  }
}
