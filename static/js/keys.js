// The desk by keyboard. Single letters only while nobody is writing, and never with a modifier, so that
// screen readers and browsers keep their own keys.

const REMEMBERED = "keys-off";
let off = localStorage.getItem(REMEMBERED) === "1";

// Whoever speaks to the computer, or whose hand slips, can turn the letters off for good.
const toggle = document.querySelector("[data-keys]");
if (toggle) {
  const name = () => (toggle.textContent = off ? toggle.dataset.on : toggle.dataset.off);
  toggle.hidden = false;
  name();
  toggle.addEventListener("click", () => {
    off = !off;
    localStorage.setItem(REMEMBERED, off ? "1" : "0");
    name();
  });
}

const rows = () => [...document.querySelectorAll(".queue .qrow")];
const writing = (element) => element.matches("input, textarea, select, [contenteditable]");

function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const from = at >= 0 ? at : all.findIndex((row) => row.getAttribute("aria-current"));
  all[Math.min(all.length - 1, Math.max(0, from + by))]?.focus();
}

function write(key) {
  const field = document.querySelector(`[data-key-focus="${key}"]`);
  if (!field) return false;
  field.closest("details").open = true;
  field.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && target.matches("textarea")) {
    const buttons = target.form?.querySelectorAll("button:not([formaction])");
    if (buttons?.length) target.form.requestSubmit(buttons[buttons.length - 1]);
    return;
  }
  if (event.key === "Escape") {
    const open = target.closest("details.act[open], details.me[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || off || writing(target)) return;
  const key = event.key.toUpperCase();
  if (key === "J") step(1);
  else if (key === "K") step(-1);
  else if (key === "G") document.querySelector("[data-queue-show]:not([hidden])")?.click();
  else if (key === "R" || key === "N") {
    if (write(key)) event.preventDefault();
  } else document.querySelector(`button[data-key="${CSS.escape(key)}"]`)?.click();
});
