// Selects: a combobox with a list; typing filters it, or asks the app (external selects).
import { chose } from "./actions.js";
import { place } from "./place.js";
import { stateOf } from "./entries.js";
import { post, whereOf } from "./wire.js";

const CLOSE_ICON = '<svg class="icon" viewBox="0 0 20 20" width="12" height="12" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><path d="m5 5 10 10M15 5 5 15"/></svg>';
const partsOf = (select) => ({ list: select.querySelector(".options"), input: select.querySelector("input") });
const isMulti = (select) => select.classList.contains("multi");
const shown = (list) => [...list.querySelectorAll(".option:not([hidden])")];
const keyOf = (node) => JSON.parse(node.dataset.option).value;

function open(select) {
  const { list, input } = partsOf(select);
  const chosen = [...select.querySelectorAll(".chip")].map(keyOf);
  for (const option of list.querySelectorAll(".option")) {
    option.setAttribute("aria-selected", String(chosen.includes(keyOf(option))));
  }
  if (!list.children.length) note(select, list);
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  place(list, select.querySelector(".select-box"), { width: select.offsetWidth });
}

function close(select) {
  const { list, input } = partsOf(select);
  list.hidden = true;
  input.value = "";
  select.classList.remove("searching");
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  filter(select, "");
}

function note(select, list, text) {
  const least = Number(select.dataset.external);
  const hint = least ? `Type ${least} or more letters` : "Type to search";
  const line = document.createElement("li");
  line.className = "options-note";
  line.textContent = text ?? (select.dataset.external ? hint : "No options");
  list.replaceChildren(line);
}

function filter(select, query) {
  if (select.dataset.external) return;
  for (const option of select.querySelectorAll(".option")) {
    option.hidden = !option.dataset.search.includes(query.toLowerCase());
  }
  activate(select, query ? 0 : -1);
}

function activate(select, at) {
  const { list, input } = partsOf(select);
  const options = shown(list);
  list.querySelector(".active")?.classList.remove("active");
  const option = options.at(options.length ? Math.max(-1, at) % options.length : 0);
  if (at < 0 || !option) return;
  option.classList.add("active");
  option.id ||= `${list.id}-${[...list.children].indexOf(option)}`;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function chip(option, multi) {
  const made = document.createElement("span");
  made.className = "chip";
  made.dataset.option = option.dataset.option;
  made.textContent = JSON.parse(option.dataset.option).text.text;
  if (multi) made.insertAdjacentHTML("beforeend", `<button type="button" class="chip-x" aria-label="Remove">${CLOSE_ICON}</button>`);
  return made;
}

function choose(select, option) {
  const { input } = partsOf(select);
  const chips = [...select.querySelectorAll(".chip")];
  const held = chips.find((one) => keyOf(one) === keyOf(option));
  const full = isMulti(select) && select.dataset.max && chips.length >= Number(select.dataset.max);
  if (isMulti(select) && held) held.remove();
  else if (!full) {
    if (!isMulti(select)) chips.forEach((one) => one.remove());
    input.before(chip(option, isMulti(select)));
  }
  close(select);
  chose(select);
  if (isMulti(select)) open(select);
}

const timers = new WeakMap();

function ask(select, query) {
  clearTimeout(timers.get(select));
  const { list } = partsOf(select);
  if (query.length < Number(select.dataset.external)) return note(select, list);
  note(select, list, "Loading…");
  timers.set(select, setTimeout(() => fill(select, query), 200));
}

async function fill(select, query) {
  const { list, input } = partsOf(select);
  const answer = await post("options", {
    where: whereOf(select),
    block_id: select.dataset.block,
    action_id: select.dataset.action,
    query,
    state: stateOf(select.closest("[data-where]")),
  });
  if (input.value !== query) return;
  // The server rendered and escaped the list.
  if (answer.html) list.innerHTML = answer.html;
  else note(select, list, answer.complaint ?? "No results");
  if (!list.hidden) open(select);
  activate(select, 0);
}

document.addEventListener("focusin", (event) => {
  const select = event.target.closest(".select");
  if (!select || !event.target.matches("input")) return;
  open(select);
  if (select.dataset.external === "0" && !select.querySelector(".option")) ask(select, "");
});

document.addEventListener("focusout", (event) => {
  const select = event.target.closest?.(".select");
  if (select && event.target.matches("input")) close(select);
});

document.addEventListener("input", (event) => {
  const select = event.target.closest(".select");
  if (!select) return;
  select.classList.toggle("searching", event.target.value !== "");
  open(select);
  if (select.dataset.external) ask(select, event.target.value);
  else filter(select, event.target.value);
});

// On mousedown, since the click would come after the list lost the focus and closed.
document.addEventListener("mousedown", (event) => {
  const select = event.target.closest(".select");
  if (!select) return;
  const option = event.target.closest(".option");
  const cross = event.target.closest(".chip-x");
  if (event.target !== partsOf(select).input) event.preventDefault();
  if (option) choose(select, option);
  else if (cross) remove(select, cross.closest(".chip"));
  else if (!event.target.closest(".options")) partsOf(select).input.focus();
});

function remove(select, one) {
  one.remove();
  chose(select);
}

// A click that no mouse made: the cross was reached by Tab.
document.addEventListener("click", (event) => {
  const cross = event.detail === 0 && event.target.closest(".chip-x");
  if (cross) remove(cross.closest(".select"), cross.closest(".chip"));
});

function onKey(select, event) {
  const { list, input } = partsOf(select);
  const at = shown(list).findIndex((option) => option.classList.contains("active"));
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    if (list.hidden) open(select);
    activate(select, (at + steps[event.key] + shown(list).length) % (shown(list).length || 1));
  } else if (event.key === "Enter") {
    if (!list.hidden && at >= 0) choose(select, shown(list)[at]);
  } else if (event.key === "Escape" && !list.hidden) close(select);
  else if (event.key === "Backspace" && !input.value && isMulti(select)) {
    const last = [...select.querySelectorAll(".chip")].at(-1);
    if (last) remove(select, last);
  } else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  const select = event.target.closest?.(".select");
  if (select && event.target.matches("input") && !event.isComposing) onKey(select, event);
});

document.addEventListener("scroll", (event) => {
  if (event.target.closest?.(".options")) return;
  const list = document.querySelector(".options:not([hidden])");
  if (list) place(list, list.closest(".select").querySelector(".select-box"), { width: list.closest(".select").offsetWidth });
}, true);
