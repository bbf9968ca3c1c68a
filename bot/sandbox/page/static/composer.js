// The composer: messages, slash commands, shortcuts.
import { complain, forgive } from "./complaints.js";
import { complete, dismissed, exact, offers, step, suggest } from "./completion.js";
import { facts, post } from "./wire.js";

const boxOf = (node) => node.closest(".composer");

async function send(field) {
  const text = field.value.trim();
  if (!text) return;
  const thread = boxOf(field).dataset.thread || null;
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  forgive(field);
  const command = text.startsWith("/") && !thread;
  const delivery = await (command
    ? post("command", { channel: facts.channel, text })
    : post("say", { channel: facts.channel, text, thread_ts: thread }));
  if (delivery.complaint) complain(field, delivery.complaint);
}

function onCompletionKey(field, event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) step(field, steps[event.key]);
  else if (event.key === "Tab" || (event.key === "Enter" && !exact(field))) complete(field);
  else if (event.key === "Escape") dismissed(field);
  else return false;
  event.preventDefault();
  return true;
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.(".composer textarea");
  if (!field || event.isComposing) return;
  if (offers() && onCompletionKey(field, event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send(field);
  }
});

document.addEventListener("input", (event) => {
  const field = event.target.closest(".composer textarea");
  if (!field) return;
  if (!CSS.supports("field-sizing", "content")) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
  boxOf(field).querySelector("[data-send]").disabled = !field.value.trim();
  if (!boxOf(field).dataset.thread) suggest(field);
});

document.addEventListener("click", (event) => {
  const trial = event.target.closest("[data-try]");
  const field = document.querySelector("#main .composer textarea");
  if (!trial || !field) return;
  field.value = trial.dataset.try;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

document.addEventListener("focusout", (event) => {
  const field = event.target.closest?.(".composer textarea");
  if (field && !boxOf(field).dataset.thread) dismissed(field);
});

document.addEventListener("click", async (event) => {
  const box = boxOf(event.target);
  if (!box) return;
  const field = box.querySelector("textarea");
  if (event.target.closest("[data-send]")) send(field);
  if (event.target.closest("[data-slash]")) {
    field.value = "/";
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const shortcut = event.target.closest("[data-global-shortcut]");
  if (!shortcut) return;
  const delivery = await post("shortcut", { callback_id: shortcut.dataset.globalShortcut });
  if (delivery.complaint) complain(box, delivery.complaint);
});
