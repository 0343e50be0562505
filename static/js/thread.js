// The conversation, live: fetches what came after the last line that is shown and adds it at the foot.
// What somebody is writing stays as it is. fresh-url?sesudah=<seq> answers the fragment desk/_thread.html.

import { ask, everyWhile, gathered, listen } from "./live.js";

const place = document.querySelector("[data-thread]");

if (place) {
  const { freshUrl, room } = place.dataset;
  const lastSeq = () => Math.max(0, ...[...place.querySelectorAll("[data-seq]")].map((line) => Number(line.dataset.seq)));
  const box = place.closest(".scroll");
  const atFoot = () => !box || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  let asking = false;

  async function fetchNew() {
    if (asking) return;
    asking = true;
    const answer = await ask(freshUrl, { sesudah: lastSeq() });
    asking = false;
    if (!answer || answer.status === 204) return;
    const fragment = new DOMParser().parseFromString(await answer.text(), "text/html");
    const follow = atFoot();
    for (const line of fragment.querySelectorAll("[data-seq]")) {
      if (place.querySelector(`[data-seq="${CSS.escape(line.dataset.seq)}"]`)) continue;
      place.append(line);
    }
    if (follow && box) box.scrollTop = box.scrollHeight;
  }

  if (box) box.scrollTop = box.scrollHeight;
  listen(room ? [room] : [], gathered(fetchNew));
  everyWhile(fetchNew);
}
