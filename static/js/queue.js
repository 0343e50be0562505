// The queue, live: says how many reports are new and pulls them in when asked, so that no row moves
// under the hand. Without a socket it asks every 30 seconds.
//
//   count-url?sejak=<cursor> answers {"count": 3, "mark": "…"}; another mark than ours
//   means that the rows themselves changed.
//   hint-url (the queue's own rows, in order) answers the fragment desk/_rows.html, with the
//   headers X-Cursor, the cursor to count from next, and X-Mark.

import { ask, everyWhile, gathered, listen } from "./live.js";

const place = document.querySelector("[data-queue]");

if (place) {
  const { countUrl, hintUrl, one, many, changed, rooms } = place.dataset;
  const show = place.querySelector("[data-queue-show]");
  const voice = place.querySelector("[data-queue-say]");
  const list = place.querySelector("[data-queue-rows]");
  const counting = new URL(countUrl, location.href);
  let known = "";

  const words = (n) => (n === 1 ? one : many).replace("{n}", n);

  function offer(sentence) {
    if (sentence === known) return;
    known = sentence;
    show.hidden = !sentence;
    show.querySelector("span").textContent = sentence;
    voice.textContent = sentence;
  }


  async function count() {
    const answer = await ask(counting, { sejak: place.dataset.cursor });
    if (!answer) return;
    const { count: n, mark } = await answer.json();
    // Rows that went, came from elsewhere or have another date now count as a change of the list.
    offer(n ? words(n) : mark !== place.dataset.mark ? changed : "");
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
    counting.searchParams.delete("dari"); // these are the first page's rows
    place.dataset.mark = answer.headers.get("X-Mark") ?? place.dataset.mark;
    offer("");
    const target = first ?? at;
    if (target) list.querySelector(`[data-number="${CSS.escape(target)}"] a`)?.focus({ preventScroll: false });
    document.dispatchEvent(new CustomEvent("rows-changed"));
  }

  show.addEventListener("click", pullIn);
  const soon = gathered(count);
  listen(rooms ? rooms.split(" ") : [], soon);
  everyWhile(count);
}
