// What changes on the server appears here: rendered fragments over Server-Sent Events.
import { showModals } from "./modals.js";
import { morph, morphNode, parsed } from "./morph.js";
import { polish } from "./polish.js";
import { facts } from "./wire.js";

const NEAR = 80;
const offline = document.querySelector(".offline");
const newer = document.getElementById("newer");
const byId = (id) => document.getElementById(id);

/** Follows the end of a list only if the reader was there, or is answered. */
function following(list, change, { always = false } = {}) {
  const history = list.closest(".history");
  const atEnd = history.scrollHeight - history.scrollTop - history.clientHeight < NEAR;
  change();
  polish();
  if (atEnd || always) history.scrollTo(0, history.scrollHeight);
  return atEnd || always;
}

const find = (list, ts) => list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);

/** The place that the timestamp asks for: a late answer must not stand above an earlier message. */
function insert(list, fresh) {
  const later = [...list.querySelectorAll(".message")].find((one) => one.dataset.ts > fresh.dataset.ts);
  fresh.classList.add("fresh");
  if (later) later.before(fresh);
  else list.append(fresh);
}

function put(list, news) {
  if (!list) return;
  const held = find(list, news.ts);
  const fresh = held || !news.html ? null : parsed(news.html).firstElementChild;
  const atEnd = following(list, () => {
    if (held && news.html) morphNode(held, news.html);
    else if (held) held.remove();
    else if (fresh) insert(list, fresh);
  }, { always: Boolean(fresh?.matches(`.ephemeral, [data-author="${CSS.escape(facts.as)}"]`)) });
  if (!held && !atEnd && newer && list.id === "messages") newer.hidden = false;
}

const handlers = {
  message: (news) => put(byId(news.list), news),
  rooms: (news) => morph(byId("rooms"), news.html),
  modals: (news) => showModals(news.html),
  home: (news) => { if (byId("home")) { morph(byId("home"), news.html); polish(); } },
  delivery: (news) => {
    byId("deliveries").prepend(parsed(news.html));
    [...byId("deliveries").children].slice(50).forEach((old) => old.remove());
  },
};

/** After a break the stream cannot tell what was missed: the page is read again and laid over this one. */
async function resync() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  for (const id of ["messages", "replies"]) {
    const [mine, theirs] = [byId(id), page.getElementById(id)];
    if (mine && theirs) following(mine, () => morph(mine, theirs.innerHTML));
  }
  for (const id of ["rooms", "home", "deliveries"]) {
    const [mine, theirs] = [byId(id), page.getElementById(id)];
    if (mine && theirs) morph(mine, theirs.innerHTML);
  }
  showModals(page.getElementById("modals").innerHTML);
}

let stream = null;

function connect() {
  const query = new URLSearchParams({ as: facts.as, channel: facts.channel ?? "", thread: facts.thread ?? "" });
  stream = new EventSource(`/page/stream?${query}`);
  stream.addEventListener("hello", async () => {
    await resync();
    offline.hidden = true;
    document.documentElement.dataset.live = "1";
  });
  stream.onmessage = (event) => {
    const news = JSON.parse(event.data);
    handlers[news.what]?.(news);
  };
  stream.onerror = () => { offline.hidden = false; };
}

function disconnect() {
  stream?.close();
  stream = null;
}

/** A browser keeps only six connections to a server: a tab in the background gives its own back after a while. */
export function listen() {
  connect();
  let leaving;
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", ({ persisted }) => persisted && !stream && connect());
  document.addEventListener("visibilitychange", () => {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(disconnect, 10000);
    else if (!stream) connect();
  });
}

newer?.addEventListener("click", () => {
  const history = byId("history");
  history.scrollTo({ top: history.scrollHeight, behavior: "smooth" });
});
byId("history")?.addEventListener("scroll", ({ target }) => {
  if (target.scrollHeight - target.scrollTop - target.clientHeight < NEAR) newer.hidden = true;
});
