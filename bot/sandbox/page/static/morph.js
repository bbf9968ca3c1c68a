// Makes one tree equal to another in place, so that scroll positions, typed text, open folds and the focus survive.

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null);
const alike = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName;

/** A select keeps its chosen options as long as it offers the same ones: Slack does so while the ids stay. */
const keeps = (from, to) =>
  from.matches(".select") && from.dataset.key === to.dataset.key &&
  (from.dataset.external || from.querySelector(".options").textContent === to.querySelector(".options").textContent);

const OWN = new Set(["open", "value", "checked", "style"]);
const WAITING = new Set(["class", "disabled", "aria-busy", "aria-disabled"]);

function attributes(from, to) {
  const waits = from.classList.contains("pending");
  const own = (name) =>
    (waits && WAITING.has(name)) || (OWN.has(name) && from.matches("details, input, textarea, .menu, .options"));
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !own(name)) from.removeAttribute(name);
  for (const { name, value } of [...to.attributes]) {
    if (!own(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

function node(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  if (keeps(from, to)) return;
  attributes(from, to);
  if (!from.matches("textarea, .select")) children(from, to);
  else if (from.matches(".select")) from.replaceChildren(...to.childNodes);
}

/** The node to reuse: the one with the same key, else the next one of the same kind that has no key. */
function match(wanted, candidates) {
  const key = keyOf(wanted);
  const at = candidates.findIndex((one) => alike(one, wanted) && keyOf(one) === key);
  return at < 0 ? null : candidates.splice(at, 1)[0];
}

export function children(from, to) {
  const candidates = [...from.childNodes];
  let cursor = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const found = match(wanted, candidates);
    const placed = found ?? wanted;
    if (found) node(found, wanted);
    if (placed === cursor) cursor = cursor.nextSibling;
    else from.insertBefore(placed, cursor);
  }
  candidates.forEach((one) => one.remove());
}

export function parsed(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content;
}

/** Makes the inside of `element` look like `html`. */
export function morph(element, html) {
  children(element, parsed(html));
}

export function morphNode(element, html) {
  node(element, parsed(html).firstElementChild);
}
