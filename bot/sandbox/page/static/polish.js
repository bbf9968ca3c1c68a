// What only the browser knows: local days, who spoke just before, local date fields.
import { daysAway, fillDates, format } from "./dates.js";

const CLOSE = 5 * 60;
const secondsOf = (message) => Number(message.dataset.ts.split(".")[0]);

function divider(epoch) {
  const day = document.createElement("div");
  day.className = "day";
  day.setAttribute("role", "separator");
  const label = document.createElement("span");
  label.textContent = format(epoch, "{day_divider_pretty}");
  day.append(label);
  return day;
}

function follows(message, before) {
  return message.dataset.author === before.dataset.author && !message.matches(".ephemeral") &&
    !before.matches(".ephemeral") && secondsOf(message) - secondsOf(before) < CLOSE;
}

function group(list) {
  list.querySelectorAll(".day").forEach((day) => day.remove());
  let before = null;
  for (const message of list.querySelectorAll(".message")) {
    const sameDay = before && daysAway(new Date(secondsOf(before) * 1000)) === daysAway(new Date(secondsOf(message) * 1000));
    if (!sameDay) message.before(divider(secondsOf(message)));
    message.classList.toggle("follows", Boolean(sameDay && follows(message, before)));
    before = message;
  }
}

function localDateFields() {
  for (const field of document.querySelectorAll("[data-epoch-value]:not([data-filled])")) {
    field.dataset.filled = "1";
    const epoch = Number(field.dataset.epochValue);
    if (!epoch) continue;
    const date = new Date(epoch * 1000);
    field.value = new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  }
}

export function polish() {
  fillDates();
  localDateFields();
  document.querySelectorAll(".messages").forEach(group);
}
