// Dates in the browser's own time zone: https://docs.slack.dev/messaging/formatting-message-text#date-formatting

const part = (options) => {
  const form = new Intl.DateTimeFormat("en-US", options);
  return (date) => form.format(date);
};
const month = part({ month: "long" });
const monthShort = part({ month: "short" });
const weekday = part({ weekday: "long" });
const clock = part({ hour: "numeric", minute: "2-digit" });
const clockSecs = part({ hour: "numeric", minute: "2-digit", second: "2-digit" });
const two = (number) => String(number).padStart(2, "0");

function ordinal(day) {
  const teen = day % 100 > 10 && day % 100 < 14;
  return `${day}${(!teen && { 1: "st", 2: "nd", 3: "rd" }[day % 10]) || "th"}`;
}

const startOf = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** Calendar days from today, whatever daylight saving does in between. */
export const daysAway = (date) => Math.round((startOf(date) - startOf(new Date())) / 86400000);

const relative = (date) => ({ "-1": "yesterday", 0: "today", 1: "tomorrow" })[daysAway(date)];

function ago(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, one]) => Math.abs(seconds) >= one) ?? units.at(-1);
  return new Intl.RelativeTimeFormat("en-US", { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

const long = (date) => `${weekday(date)}, ${month(date)} ${ordinal(date.getDate())}`;
const plain = (date) => `${month(date)} ${ordinal(date.getDate())}, ${date.getFullYear()}`;
const short = (date) => `${monthShort(date)} ${date.getDate()}, ${date.getFullYear()}`;

const TOKENS = {
  date_num: (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  date_slash: (date) => `${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`,
  date: plain,
  date_short: short,
  date_long: (date) => `${long(date)}, ${date.getFullYear()}`,
  date_long_full: (date) => `${month(date)} ${date.getDate()}, ${date.getFullYear()}`,
  date_pretty: (date) => relative(date) ?? plain(date),
  date_short_pretty: (date) => relative(date) ?? short(date),
  date_long_pretty: (date) => relative(date) ?? TOKENS.date_long(date),
  day_divider_pretty: (date) =>
    relative(date) ?? (date.getFullYear() === new Date().getFullYear() ? long(date) : TOKENS.date_long(date)),
  time: clock,
  time_bare: (date) => clock(date).replace(/ [AP]M$/, ""),
  time_secs: clockSecs,
  ago,
};

/** The format with its tokens filled in; a word such as "today" is capitalised where it begins a line. */
export function format(epoch, form, { begins = true } = {}) {
  const date = new Date(epoch * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const text = form.replace(/\{(\w+)\}/g, (whole, name) => TOKENS[name]?.(date) ?? whole);
  return begins ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** Whether nothing stands before a node in its line. */
function beginsLine(node) {
  const before = node.previousSibling;
  if (before) return before.nodeName === "BR" || /\n\s*$/.test(before.textContent);
  return !node.parentNode.matches("b, i, s") || beginsLine(node.parentNode);
}

export function fillDates(root = document) {
  for (const time of root.querySelectorAll("time[data-epoch]")) {
    const text = format(Number(time.dataset.epoch), time.dataset.format, { begins: beginsLine(time) });
    if (text === null) continue;
    if (time.textContent !== text) time.textContent = text;
    const date = new Date(time.dataset.epoch * 1000);
    time.dateTime = date.toISOString();
    time.title = `${TOKENS.date_long(date)} at ${clockSecs(date)}`;
  }
}

// "today" and "5 minutes ago" grow old.
setInterval(() => fillDates(), 30000);
