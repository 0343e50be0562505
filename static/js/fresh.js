// Brings the rest of an open page up to date: parts marked data-fresh="<name>" are taken from the same
// page, asked for again. A part in which somebody is at work stays as it is, and so does all that is
// being written, until it is left or sent.

import { ask } from "./live.js";

const touched = (field) =>
  field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT"
      ? [...field.options].some((option) => option.selected !== option.defaultSelected && option.defaultSelected)
      : field.type !== "hidden" && field.value !== field.defaultValue;

const atWork = (part) =>
  part.contains(document.activeElement) || [...part.querySelectorAll("input, textarea, select")].some(touched);

function put(part, fresh) {
  // What was unfolded stays unfolded.
  const open = [...part.querySelectorAll("details")].map((one) => one.open);
  fresh.querySelectorAll("details").forEach((one, n) => (one.open = open[n] ?? one.open));
  part.replaceChildren(...fresh.childNodes);
}

/** Ask for this page again; true if every part could be replaced. */
export async function refresh() {
  const answer = await ask(location.pathname + location.search, {});
  if (!answer) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  let all = true;
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const fresh = page.querySelector(`[data-fresh="${CSS.escape(part.dataset.fresh)}"]`);
    if (!fresh || fresh.textContent === part.textContent) continue;
    if (atWork(part)) all = false;
    else put(part, fresh);
  }
  document.dispatchEvent(new CustomEvent("parts-changed"));
  return all;
}
