// Keeps "42 minutes left" true while a page stands open. Only office time counts, so the server says how
// many seconds were left and until when that clock runs without a break; after that the words stand still
// until the page is asked for again. Durations come from the monotonic clock: a wrong phone clock does no harm.

const words = document.getElementById("time-words")?.dataset;
const voice = document.getElementById("time-words");
const shownAt = performance.now();
const serverThen = Date.parse(document.body.dataset.now) || Date.now();

function sentence(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const hours = Math.floor(minutes / 60);
  const side = seconds >= 0 ? "left" : "late";
  const pattern = words[side + (hours ? "Hm" : "M")];
  return pattern.replace("{h}", hours).replace("{m}", minutes % 60);
}

function update(seconds, element) {
  const text = sentence(seconds);
  if (element.textContent !== text) element.textContent = text;
  if (seconds < 0 && !element.dataset.late) {
    element.dataset.late = "1";
    if (element.classList.contains("chip")) {
      element.classList.remove("is-ok", "is-soon");
      element.classList.add("is-late");
    }
    voice.textContent = words.turnedLate; // said once, politely
  }
}

function tick() {
  const passed = (performance.now() - shownAt) / 1000;
  for (const element of document.querySelectorAll("[data-due][data-left]")) {
    const runs = (Date.parse(element.dataset.runsUntil) - serverThen) / 1000;
    if (!Number.isFinite(runs) || passed < 30) continue; // the server's own words stand at first
    update(Number(element.dataset.left) - Math.min(passed, Math.max(0, runs)), element);
  }
}

if (words) setInterval(tick, 30000);
