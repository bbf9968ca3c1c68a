// Block actions: a click, a choice, a date. The element waits, disabled, until the app has acknowledged.
import { complain, forgive } from "./complaints.js";
import { confirmed } from "./confirm.js";
import { markTouched, stateOf, valueOf } from "./entries.js";
import { post, whereOf } from "./wire.js";

const surface = (element) => element.closest("[data-where]");
const silent = (element) => element.closest("[data-input]") && !element.closest("[data-dispatch]");

export function waiting(element, on) {
  const target = element.matches(".overflow") ? element.querySelector("button") : element;
  target.classList.toggle("pending", on);
  target.toggleAttribute("aria-busy", on);
  if (target.matches("button")) target.disabled = on;
  if (target.matches("a")) target.setAttribute("aria-disabled", String(on));
}

/** Sends the action; `value` is what the element holds, or the option picked from a menu. */
export async function act(element, value) {
  if (element.classList.contains("pending") || !(await confirmed(element))) return;
  forgive(element);
  waiting(element, true);
  const delivery = await post("click", {
    where: whereOf(element),
    block_id: element.dataset.block,
    action_id: element.dataset.action,
    value,
    state: stateOf(surface(element)),
  });
  waiting(element, false);
  if (delivery.complaint) complain(element, delivery.complaint);
}

/** A choice changed: an action, or (in an input block) only something to remember. */
export function chose(element) {
  markTouched(element);
  const holder = surface(element);
  if (!silent(element)) act(element, valueOf(element));
  else if (holder?.dataset.view) post("state", { where: whereOf(element), state: stateOf(holder) });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".btn[data-type]");
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
  act(button, null);
});

document.addEventListener("click", (event) => {
  const item = event.target.closest(".overflow [role=menuitem]");
  if (!item) return;
  const menu = item.closest(".overflow");
  if (item.dataset.url) window.open(item.dataset.url, "_blank", "noopener");
  act(menu, JSON.parse(item.dataset.option).value);
});

document.addEventListener("change", (event) => {
  const element = event.target.closest(".choices[data-type], .picker[data-type], .field-input[data-type]");
  if (!element) return;
  // Text is sent on Enter only, and remembered here.
  if (element.matches(".field-input:not(.picker)")) {
    const holder = surface(element);
    if (holder?.dataset.view) post("state", { where: whereOf(element), state: stateOf(holder) });
  } else chose(element);
});

let typing;
document.addEventListener("input", (event) => {
  const element = event.target.closest("[data-on-character]");
  if (!element || silent(element)) return;
  clearTimeout(typing);
  typing = setTimeout(() => act(element, valueOf(element)), 300);
});

document.addEventListener("keydown", (event) => {
  const element = event.target.closest?.("input.field-input[data-type]");
  if (event.key === "Enter" && element && !silent(element) && !event.isComposing) {
    event.preventDefault();
    act(element, valueOf(element));
  }
});

document.addEventListener("click", async (event) => {
  const item = event.target.closest("[data-shortcut]");
  if (!item) return;
  const delivery = await post("shortcut", { callback_id: item.dataset.shortcut, where: whereOf(item) });
  if (delivery.complaint) complain(item, delivery.complaint);
});
