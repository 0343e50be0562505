// The editor of a policy: while somebody types, the list of dates is asked for anew; what it was
// worked out for is all in the form, and the house does the counting.

const PAUSE = 300; // after the last key
const WANTED = /^(n-|unit-|clock-|calendar_key$|at_)/;

const form = document.querySelector("form[data-due]");
const list = form?.querySelector("[data-due-list]");
let turn = 0;
let waiting;

async function again() {
  const mine = ++turn;
  const asked = new URLSearchParams([...new FormData(form)].filter(([name]) => WANTED.test(name)));
  let answer;
  try {
    answer = await fetch(`${form.dataset.due}?${asked}`, { credentials: "same-origin", redirect: "error" });
  } catch {
    return; // not now; the button still works
  }
  if (!answer.ok || mine !== turn) return;
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine === turn) list.replaceChildren(...part.body.childNodes);
}

function soon(event) {
  if (!WANTED.test(event.target.name)) return;
  clearTimeout(waiting);
  waiting = setTimeout(again, PAUSE);
}

if (list) {
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.querySelector("[data-due-button]").hidden = true;
}
