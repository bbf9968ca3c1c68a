// Keeps the panel up to date: what changes on the server is shown, and what is new is marked for a while.
"use strict";

const EVERY_MS = 1000;
const FRESH_MS = 8000;
const body = document.body;
const arrived = new Map();

const part = (name) => document.getElementById(name);
const ids = (region) => new Set([...region.querySelectorAll("[data-id]")].map((row) => row.dataset.id));

function localise(region) {
  const today = new Date().toDateString();
  for (const time of region.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    const form = at.toDateString() === today ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" };
    time.textContent = at.toLocaleString(undefined, form);
    time.title = at.toLocaleString();
  }
}

function highlight(region) {
  for (const row of region.querySelectorAll("[data-id]")) {
    const age = performance.now() - (arrived.get(row.dataset.id) ?? -Infinity);
    if (age < FRESH_MS) {
      row.classList.add("fresh");
      row.style.animationDelay = `${-age}ms`;
    }
  }
}

function replace(region, html) {
  const known = ids(region);
  const open = [...region.querySelectorAll("details[open]")].map((each) => each.dataset.key);
  const focused = region.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  region.innerHTML = html;
  for (const id of ids(region)) if (!known.has(id)) arrived.set(id, performance.now());
  for (const each of region.querySelectorAll("[data-key]")) {
    if (open.includes(each.dataset.key)) each.open = true;
    if (focused && each.dataset.key === focused) each.focus();
  }
  localise(region);
  highlight(region);
}

const shown = {};
async function refresh() {
  const asked = `/people/${encodeURIComponent(body.dataset.person)}/changes?version=${body.dataset.version}`;
  const answer = await fetch(asked);
  if (answer.status !== 200) return;
  const { version, parts } = await answer.json();
  body.dataset.version = version;
  for (const [name, html] of Object.entries(parts)) {
    if (shown[name] !== html) replace(part(name), html);
    shown[name] = html;
  }
}

async function follow() {
  try {
    if (!document.hidden) await refresh();
    body.dataset.live = "";
  } catch {
    delete body.dataset.live; // the demo has ended, or is starting again
  }
  setTimeout(follow, EVERY_MS);
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const data = new URLSearchParams(new FormData(form, event.submitter));
  for (const menu of form.querySelectorAll("details[open]")) menu.open = false;
  await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
  if (form.classList.contains("send")) form.reset();
  await refresh();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.deeds[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.deeds[open]")) menu.open = false;
});

document.addEventListener("animationend", (event) => event.target.classList.remove("fresh"));

document.documentElement.classList.toggle("framed", window.top !== window);
localise(document);
document.querySelector("#people [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
follow();
