// The queue, live: says how many reports are new and pulls them in when asked, so that no row moves
// under the hand. Without a socket it asks every 30 seconds.
//
//   count-url?sejak=<cursor> answers {"count": 3, "cursor": "…"}
//   hint-url (the queue's own rows, in order) answers the fragment desk/_rows.html, with the
//   header X-Cursor: the cursor to count from next.

import { ask, everyWhile, gathered, listen } from "./live.js";

const place = document.querySelector("[data-queue]");

if (place) {
  const { countUrl, hintUrl, one, many, rooms } = place.dataset;
  const show = place.querySelector("[data-queue-show]");
  const voice = place.querySelector("[data-queue-say]");
  const list = place.querySelector("[data-queue-rows]");
  let known = 0;

  const words = (n) => (n === 1 ? one : many).replace("{n}", n);

  async function count() {
    const answer = await ask(countUrl, { sejak: place.dataset.cursor });
    if (!answer) return;
    const { count: n } = await answer.json();
    if (n === known) return;
    known = n;
    show.hidden = n === 0;
    show.querySelector("span").textContent = n ? words(n) : "";
    voice.textContent = n ? words(n) : "";
  }

  async function pullIn() {
    const answer = await ask(hintUrl, {});
    if (!answer) return;
    const at = document.activeElement?.closest("[data-number]")?.dataset.number;
    const fragment = new DOMParser().parseFromString(await answer.text(), "text/html");
    const first = [...fragment.querySelectorAll("[data-number]")].find(
      (row) => !list.querySelector(`[data-number="${CSS.escape(row.dataset.number)}"]`),
    )?.dataset.number;
    list.replaceChildren(...fragment.querySelectorAll("li"));
    place.querySelector(".empty")?.remove();
    place.dataset.cursor = answer.headers.get("X-Cursor") ?? place.dataset.cursor;
    known = 0;
    show.hidden = true;
    voice.textContent = "";
    const target = first ?? at;
    if (target) list.querySelector(`[data-number="${CSS.escape(target)}"] a`)?.focus({ preventScroll: false });
    document.dispatchEvent(new CustomEvent("rows-changed"));
  }

  show.addEventListener("click", pullIn);
  const soon = gathered(count);
  listen(rooms ? rooms.split(" ") : [], soon);
  everyWhile(count);
}
