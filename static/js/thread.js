// The conversation, live: fetches what came after the last line that is shown and adds it at the foot;
// puts earlier lines on top when asked, without moving what is being read. What somebody is writing
// stays as it is. fresh-url?sesudah=<seq> or ?sebelum=<seq> answers the fragment desk/_thread.html; the
// former with X-Mark (another one than ours: the page's other parts changed too) and X-More (ask again).

import { ask, everyWhile, gathered, listen } from "./live.js";
import { refresh } from "./fresh.js";

const place = document.querySelector("[data-thread]");

if (place) {
  const { freshUrl, room } = place.dataset;
  const lastSeq = () => Math.max(0, ...[...place.querySelectorAll("[data-seq]")].map((line) => Number(line.dataset.seq)));
  const box = place.closest(".scroll");
  const atFoot = () => !box || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
  let asking = false;
  let again = false;

  async function fetchNew() {
    const answer = await ask(freshUrl, { sesudah: lastSeq() });
    if (!answer) return;
    const fragment = await read(answer);
    const follow = atFoot();
    for (const line of fragment.querySelectorAll("[data-seq]")) {
      if (place.querySelector(`[data-seq="${CSS.escape(line.dataset.seq)}"]`)) continue;
      place.append(line);
    }
    if (follow && box) box.scrollTop = box.scrollHeight;
    if (answer.headers.get("X-More")) again = true;
    const mark = answer.headers.get("X-Mark");
    if (mark && mark !== place.dataset.mark && (await refresh())) place.dataset.mark = mark;
  }

  // One question at a time; whoever asks meanwhile is answered by another one after it.
  async function catchUp() {
    again = true;
    if (asking) return;
    asking = true;
    try {
      while (again) {
        again = false;
        await fetchNew();
      }
    } finally {
      asking = false; // an answer that broke off half-way must not be the last
    }
  }

  async function showEarlier(link) {
    const answer = await ask(freshUrl, { sebelum: new URL(link.href).searchParams.get("sebelum") });
    if (!answer || answer.status === 204) return location.assign(link.href);
    const fragment = await read(answer);
    const first = place.querySelector("[data-seq]");
    const top = first.getBoundingClientRect().top;
    place.setAttribute("aria-live", "off"); // they are old, nobody wants them read aloud
    link.parentElement.replaceWith(...fragment.body.children);
    (box ?? document.scrollingElement).scrollTop += first.getBoundingClientRect().top - top;
    first.tabIndex = -1;
    first.focus({ preventScroll: true }); // reading goes on where it was; earlier lines are above
    setTimeout(() => place.removeAttribute("aria-live"), 1000);
  }

  place.addEventListener("click", (event) => {
    const link = event.target.closest("[data-earlier]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showEarlier(link);
  });

  if (box) box.scrollTop = box.scrollHeight;
  listen(room ? [room] : [], gathered(catchUp));
  everyWhile(catchUp);
}
