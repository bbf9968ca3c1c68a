// Slash commands as one types: the list above the composer.
import { facts } from "./wire.js";

const list = document.getElementById("completion");
const icon = document.querySelector(".sidebar .app-icon");
let matches = [];
let at = 0;

function line(command, index) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `completion-${index}`;
  item.dataset.command = command.command;
  item.setAttribute("aria-selected", String(index === at));
  const words = document.createElement("span");
  for (const [tag, text] of [["b", command.command], ["code", command.usage_hint], ["small", command.description]]) {
    if (text) words.append(Object.assign(document.createElement(tag), { textContent: text }));
  }
  item.append(icon.cloneNode(true), words);
  return item;
}

function draw(field) {
  if (!list) return;
  list.replaceChildren(...matches.map(line));
  list.hidden = !matches.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  if (matches.length) field.setAttribute("aria-activedescendant", `completion-${at}`);
  else field.removeAttribute("aria-activedescendant");
  list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
}

export function suggest(field) {
  const typed = field.value;
  const asks = typed.startsWith("/") && !/\s/.test(typed);
  matches = asks ? facts.commands.filter((one) => one.command.startsWith(typed)) : [];
  at = 0;
  draw(field);
}

export const dismissed = (field) => { const had = matches.length > 0; matches = []; draw(field); return had; };
export const offers = () => matches.length > 0;
export const exact = (field) => matches.some((one) => one.command === field.value);

export function step(field, by) {
  at = (at + by + matches.length) % matches.length;
  draw(field);
}

export function complete(field, command = matches[at].command) {
  field.value = `${command} `;
  dismissed(field);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

list?.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const item = event.target.closest("li");
  if (item) complete(list.parentElement.querySelector("textarea"), item.dataset.command);
});
