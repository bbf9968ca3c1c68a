// Pop-up menus: overflow menus, "More actions", shortcuts, the person switcher.
import { place } from "./place.js";

const itemsOf = (menu) => [...menu.querySelectorAll("[role=menuitem]")];
const opened = () => document.querySelector("[data-menu][aria-expanded=true]");

function open(button) {
  const menu = button.nextElementSibling;
  button.setAttribute("aria-expanded", "true");
  menu.hidden = false;
  place(menu, button, { alignRight: Boolean(button.closest(".toolbar, .accessory")) });
  (menu.querySelector("[aria-current]") ?? itemsOf(menu)[0])?.focus({ preventScroll: true });
}

function close({ refocus = false } = {}) {
  const button = opened();
  if (!button) return;
  button.setAttribute("aria-expanded", "false");
  button.nextElementSibling.hidden = true;
  if (refocus) button.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-menu]");
  const again = button && button === opened();
  const inside = event.target.closest(".menu") && !event.target.closest("[role=menuitem]");
  if (!inside) close();
  if (button && !again) open(button);
});

function move(menu, step) {
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement);
  items.at((at + step + items.length) % items.length)?.focus();
}

document.addEventListener("keydown", (event) => {
  const menu = opened()?.nextElementSibling;
  if (!menu) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) move(menu, steps[event.key]);
  else if (event.key === "Escape") close({ refocus: true });
  else if (event.key === "Tab") return close();
  else return;
  event.preventDefault();
});

document.addEventListener("scroll", (event) => event.target.closest?.(".menu") || close(), true);
