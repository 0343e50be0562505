// One connection to the house for a page: joins rooms, tells of hints, says when it is lost and back.
// A hint carries no content; whoever hears it asks over HTTP, under the page's own rights.

const body = document.body;
const WAIT_BEFORE_SAYING = 4000; // a short gap is nobody's business
const SOON = 2000; // after which a socket that the server closed comes back, as who we are now
const LATE = 30000; // and after which somebody who was signed out may be signed in again

let socket;
let lostAt = 0;
let lateWord;

function say(words, tone) {
  const place = document.querySelector("[data-connection]");
  if (!place || !words) return;
  place.textContent = words;
  place.classList.toggle("is-met", tone === "met");
  if (tone === "met") setTimeout(() => place.textContent === words && (place.textContent = ""), 6000);
}

function lost() {
  if (lostAt) return;
  lostAt = Date.now();
  lateWord = setTimeout(() => say(body.dataset.lost, "soon"), WAIT_BEFORE_SAYING);
}

function regained() {
  clearTimeout(lateWord);
  if (lostAt && Date.now() - lostAt > WAIT_BEFORE_SAYING) say(body.dataset.back, "met");
  lostAt = 0;
}

// The library comes back by itself when a line breaks, not when the server closed or refused it.
function comeBack(pause) {
  lost();
  setTimeout(() => socket.connected || socket.connect(), pause * (1 + Math.random()));
}

function refused(error) {
  if (socket.active) return lost();
  if (error.message !== "session") return comeBack(SOON);
  comeBack(LATE);
  clearTimeout(lateWord);
  say(body.dataset.ended, "soon");
}

/**
 * Join rooms and call `heard({topic, ref, seq})` for each hint, and `heard(null)` after every
 * (re)connection, because hints may have been missed meanwhile.
 */
export async function listen(rooms, heard) {
  const address = body.dataset.socketio;
  if (!address || !rooms.length) return;
  let io;
  try {
    ({ io } = await import(address));
  } catch {
    return; // the page asks by itself every while
  }
  socket ??= io({ transports: ["websocket"], reconnectionDelayMax: 15000 });
  const join = async () => {
    regained();
    // Only once we are in do we ask what we missed, or a hint in between would be lost.
    await Promise.allSettled(rooms.map((room) => socket.timeout(5000).emitWithAck("join", { room })));
    heard(null);
  };
  socket.on("connect", join);
  socket.on("rejoin", join);
  socket.on("disconnect", (why) => (why === "io server disconnect" ? comeBack(SOON) : lost()));
  socket.on("connect_error", refused);
  socket.on("hint", heard);
  if (socket.connected) join();
}

/** Ask for a fragment or a count; null when the house cannot be reached or says no. */
export async function ask(address, parameters) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" }, redirect: "error" });
    return answer.ok ? answer : null;
  } catch {
    return null;
  }
}

/** Run soon, but once for many calls in a row. */
export function gathered(run, pause = 300) {
  let waiting;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(run, pause);
  };
}

/** Every while, but only when the page is being looked at. */
export function everyWhile(run, pause = 30000) {
  setInterval(() => document.visibilityState === "visible" && run(), pause);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && run());
  addEventListener("online", run);
}
