// The stack of modals: focus, Esc, submit with inline errors, close, and what the app changes in them.
import { waiting } from "./actions.js";
import { complain, forgive } from "./complaints.js";
import { isEmpty, stateOf, valueOf } from "./entries.js";
import { morph } from "./morph.js";
import { polish } from "./polish.js";
import { post } from "./wire.js";

const host = document.getElementById("modals");
const top = () => host.querySelector(".modal:not([hidden])");
const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), textarea, select, summary, [tabindex='0']";
let origin = null;

function focusFirst(modal) {
  const field = modal.querySelector("[data-focus]") ?? modal.querySelector(".modal-body :is(.field-input, .select input)");
  // A select opens its list on focus: there the dialog itself is the better start.
  const target = field?.matches(".field-input, [data-focus]") ? field : modal;
  (target.matches(".select") ? target.querySelector("input") : target).focus();
}

/** Redraws the stack; a view that stays keeps what was typed in it. */
export function showModals(html) {
  const before = top()?.dataset.view;
  if (!before) origin = document.activeElement;
  morph(host, html);
  const now = top();
  host.hidden = !now;
  polish();
  // A view that was only loading has no field to focus on before its update.
  const waited = now && [now, document.body].includes(document.activeElement);
  if (now && (waited || now.dataset.view !== before)) focusFirst(now);
  if (!now && before) origin?.focus?.();
}

function showErrors(modal, errors) {
  for (const box of modal.querySelectorAll("[data-input]")) {
    const text = errors[box.dataset.input];
    const line = box.querySelector(".input-error");
    box.classList.toggle("has-error", Boolean(text));
    box.querySelector("input, textarea")?.toggleAttribute("aria-invalid", Boolean(text));
    line.hidden = !text;
    line.textContent = text ?? "";
  }
  modal.querySelector(".has-error")?.scrollIntoView({ block: "nearest" });
  modal.querySelector(".has-error :is(input, textarea)")?.focus();
}

/** What Slack checks itself, before the app hears of it. */
function missing(modal) {
  const errors = {};
  for (const box of modal.querySelectorAll("[data-input]")) {
    const element = box.querySelector("[data-type]");
    if (!element) continue;
    const empty = isEmpty(valueOf(element));
    if (empty && box.hasAttribute("data-required")) errors[box.dataset.input] = "Please complete this required field.";
    else if (!empty && element.validity && !element.validity.valid) errors[box.dataset.input] = element.validationMessage;
  }
  return errors;
}

async function submit(modal) {
  const errors = missing(modal);
  showErrors(modal, errors);
  if (Object.keys(errors).length) return;
  const button = modal.querySelector("[data-submit]");
  if (!button || button.classList.contains("pending")) return;
  forgive(modal);
  waiting(button, true);
  const delivery = await post("submit", { view_id: modal.dataset.view, state: stateOf(modal) });
  waiting(button, false);
  if (delivery.body?.response_action === "errors") showErrors(modal, delivery.body.errors);
  else if (delivery.complaint) complain(modal, delivery.complaint);
}

const close = (modal, clear) => post("close", { view_id: modal.dataset.view, clear });

host.addEventListener("click", (event) => {
  const modal = event.target.closest(".modal");
  if (!modal) return;
  if (event.target.closest("[data-submit]")) submit(modal);
  else if (event.target.closest("[data-close-all]")) close(modal, true);
  else if (event.target.closest("[data-close], [data-back]")) close(modal, false);
});

host.addEventListener("submit", (event) => event.preventDefault());

host.addEventListener("keydown", (event) => {
  const field = event.target.closest("input.field-input");
  if (event.key === "Enter" && field && !event.defaultPrevented && !event.isComposing) {
    event.preventDefault();
    submit(field.closest(".modal"));
  }
});

function trap(event, modal) {
  const stops = [...modal.querySelectorAll(FOCUSABLE)].filter((one) => one.offsetParent && one.tabIndex >= 0);
  const [first, last] = [stops[0], stops.at(-1)];
  const leaving = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!leaving && modal.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

document.addEventListener("keydown", (event) => {
  const modal = top();
  if (!modal || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.key === "Tab") trap(event, modal);
  if (event.key === "Escape") close(modal, true);
});

if (top()) focusFirst(top());
