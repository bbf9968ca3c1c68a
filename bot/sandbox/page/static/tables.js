// The data_table block: pages and sorting, in the browser alone.

const rowsOf = (table) => [...table.querySelectorAll("tbody tr")];

function show(block, page) {
  const size = Number(block.dataset.pageSize);
  const rows = rowsOf(block);
  const first = page * size;
  block.dataset.page = page;
  rows.forEach((row, at) => { row.hidden = at < first || at >= first + size; });
  const [before, next] = block.querySelectorAll("[data-page]:is(button)");
  if (!before) return;
  before.disabled = page === 0;
  next.disabled = first + size >= rows.length;
  block.querySelector(".pager span").textContent = `${first + 1}–${Math.min(first + size, rows.length)} of ${rows.length}`;
}

function sort(block, button) {
  const direction = button.dataset.direction === "1" ? -1 : 1;
  block.querySelectorAll(".sorter").forEach((one) => delete one.dataset.direction);
  button.dataset.direction = direction;
  const text = (row) => row.children[button.dataset.column].textContent.trim();
  const rows = rowsOf(block).sort((a, b) => direction * text(a).localeCompare(text(b), "en", { numeric: true }));
  block.querySelector("tbody").append(...rows);
  show(block, 0);
}

document.addEventListener("click", (event) => {
  const block = event.target.closest(".block-data-table");
  const step = event.target.closest(".pager button");
  const sorter = event.target.closest(".sorter");
  if (block && step) show(block, Number(block.dataset.page ?? 0) + Number(step.dataset.page));
  if (block && sorter) sort(block, sorter);
});
