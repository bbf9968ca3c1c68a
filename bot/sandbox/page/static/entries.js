// Reads what a person typed or chose: a string, a list of strings, or null, as the stand-in takes it.

const valuesOf = (nodes) => [...nodes].map((node) => JSON.parse(node.dataset.option).value);

export function valueOf(element) {
  const type = element.dataset.type;
  if (element.matches(".select")) {
    const chosen = valuesOf(element.querySelectorAll(".chip"));
    return type.startsWith("multi_") ? chosen : (chosen[0] ?? null);
  }
  if (element.matches(".choices")) {
    const ticked = valuesOf(element.querySelectorAll("input:checked"));
    return type === "checkboxes" ? ticked : (ticked[0] ?? null);
  }
  if (type === "datetimepicker" && element.value) return String(Math.floor(new Date(element.value) / 1000));
  return element.value || null;
}

export function isEmpty(value) {
  return value === null || value.length === 0 || (typeof value === "string" && !value.trim());
}

const STATEFUL = ".select[data-type], .choices[data-type], .field-input[data-type]";

// Only these are sent: for the others the server knows the initial value better.
const touched = new WeakSet();

function touch(event) {
  const element = event.target.closest?.(STATEFUL);
  // In a select one types a query; its choice is marked by whoever chooses.
  if (element && !element.matches(".select")) touched.add(element);
}

export const markTouched = (element) => touched.add(element);

export function stateOf(root) {
  const state = {};
  for (const element of root.querySelectorAll(STATEFUL)) {
    if (touched.has(element)) (state[element.dataset.block] ??= {})[element.dataset.action] = valueOf(element);
  }
  return state;
}

for (const name of ["input", "change"]) document.addEventListener(name, touch, true);
