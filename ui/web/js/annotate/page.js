// The annotator's page: shows a task, gathers what the annotator thinks of it, sends it, shows the next at once.
import { copy } from "../clipboard.js";
import { isRefusal } from "../csrf.js";
import { toast } from "../toast.js";
import { Cards } from "./cards.js";
import { Clock } from "./clock.js";
import { complain } from "./complain.js";
import { Device } from "./device.js";
import { Drafts } from "./drafts.js";
import { keepGuidelines, toggleGuidelines } from "./guidelines.js";
import { keepSingleKeys, listen, pauseKeys } from "./keys.js";
import { Ladder } from "./ladder.js";
import { Leases } from "./leases.js";
import * as order from "./order.js";
import { Outbox } from "./outbox.js";
import { showPrompt } from "./prompt.js";
import { Rival } from "./rival.js";
import { skipReason } from "./skipping.js";
import { Status } from "./status.js";
import { say, ordinal } from "./words.js";
import { WorkList } from "./worklist.js";

const $ = (id) => document.getElementById(id);
const page = $("annotate");
const settings = {
  ratings: page.dataset.ratings === "true",
  strength: page.dataset.strength === "true",
  rationale: page.dataset.rationale === "true",
  rationaleMinimum: page.dataset.rationale === "true" ? Number(page.dataset.rationaleMinimum) : 0,
  flags: JSON.parse(page.dataset.flags),
  leaseMs: Number(page.dataset.leaseMs),
};

const device = new Device(page.dataset.account);
const drafts = new Drafts(device);
const outbox = new Outbox(device);
const leases = new Leases(page.dataset.project);
const clock = new Clock();
const cards = new Cards(settings);
const ladder = new Ladder(cards);
const status = new Status(drafts, outbox);
const worklist = new WorkList(leases, (item, queue) => openFromQueue(item, queue));
const rival = new Rival({
  drafts,
  says,
  id: () => current?.id,
  own: (id) => leases.own(id),
  revising: () => revising,
  work: () => work,
  put: (other) => {
    past.push(work);
    work = { ...nothing(), ...other };
    $("rationale").value = work.rationale ?? "";
    draw();
  },
  keep: () => keep(),
});

const touch = matchMedia("(pointer: coarse)");
/** Sooner than this, milliseconds, nobody has read what came on the screen: a press was meant for what was there before. */
const TOO_SOON = 400;
const TOO_SOON_TO_MEAN_IT = 500;
/** Tells the other windows on this device what is submitted. */
const windows = new BroadcastChannel(`laurel.${page.dataset.account}.submitted`);
const nothing = () => ({ places: {}, ratings: {}, flags: {}, strength: null, rationale: "", unrankable: false });

let current = null; // the task on the screen
let work = nothing(); // what the annotator thinks of it
let untouched = null; // the work as the task came, for as long as it is that; null if it came with a draft
let past = []; // earlier works, for undo
let upcoming = null; // the task after it, loaded beforehand
let preloading = null;
let asking = null; // the request for a task while nothing is on the screen
let revising = false; // the task is submitted already and opened again
let lost = false; // others have it by now, and want no ranking more
let shows = 0; // how many times a task was put on the screen
let shownAt = 0; // when the one on the screen was, by performance.now()
let aside = null; // the task left for one that is revised
const sent = new Map(); // tasks whose ranking is on its way, by id: it may not be taken
let askedAt = null; // when "order unchanged" was asked, by performance.now()

/* Showing */

function show(task, { revise = Boolean(task.submittedAt) } = {}) {
  current = task;
  shows++;
  if (upcoming?.task.id === task.id) upcoming = null; // opened from the list of what waits
  revising = revise;
  shownAt = performance.now();
  past = [];
  askedAt = null;
  const draft = drafts.open(task);
  work = { ...nothing(), ...(draft ?? fromRanking(task.ranking)) };
  untouched = draft ? null : work;
  clock.restart(work.elapsedMs ?? task.elapsedMs ?? 0);
  drafts.fresh();
  showPrompt(task.messages);
  cards.show(task);
  ladder.show(task);
  $("rationale").value = work.rationale ?? "";
  document.body.classList.toggle("revising", revise);
  document.body.classList.toggle("returned", Boolean(task.returned));
  $("returned-text").textContent = task.returned?.note ?? "";
  page.hidden = false;
  page.classList.remove("waiting");
  rival.close();
  lose(false);
  $("skip-dialog").close(); // was opened for another
  $("empty").hidden = $("paused").hidden = true;
  draw();
  scrollTo({ top: 0 });
  cards.focus(order.unplaced(cards.ids, work.places)[0] ?? cards.ids[0], false);
  const shown = say("taskShown", cards.ids.length);
  announce(task.returned ? `${say("returned")}: ${task.returned.note} ${shown}` : shown);
}

function fromRanking(ranking) {
  if (!ranking) return null;
  return {
    places: order.fromGroups(ranking.groups),
    ratings: ranking.ratings,
    flags: ranking.flags,
    strength: ranking.strength ?? null,
    rationale: ranking.rationale ?? "",
    unrankable: ranking.unrankable,
    elapsedMs: ranking.elapsedMs ?? 0,
  };
}

/** The same for the same opinion of the answers. */
function says({ places, ratings, flags, strength, rationale, unrankable }) {
  const each = cards.ids.map((id) => [places?.[id] ?? null, ratings?.[id] ?? null, [...(flags?.[id] ?? [])].sort()]);
  return JSON.stringify([each, strength ?? null, rationale ?? "", unrankable ?? false]);
}

/** The ranking cannot be taken any more; it stays on the screen until the annotator goes on. */
function lose(on) {
  const news = on && !lost;
  lost = on;
  $("lost").hidden = !on;
  $("copy-rationale").hidden = !work.rationale?.trim();
  if (!news) return;
  $("lost").scrollIntoView({ block: "nearest" });
  announce($("lost").querySelector("strong").textContent);
}

function draw() {
  cards.draw(work);
  ladder.draw(work);
  for (const radio of document.querySelectorAll('input[name="strength"]')) radio.checked = Number(radio.value) === work.strength;
  $("none").setAttribute("aria-pressed", String(work.unrankable));
  const complete = work.unrankable || order.isComplete(cards.ids, work.places);
  $("submit").classList.toggle("ready", complete);
  $("submit-label").textContent = say(current?.returned ? "sendAgain" : revising ? "saveChanges" : "submit");
  $("hint").textContent = hint(complete);
  $("undo").disabled = past.length === 0;
  $("summary").textContent = work.unrankable
    ? say("noneShort")
    : order.groups(cards.ids, work.places).map((group) => group.map((id) => cards.letter(id)).join(" = ")).join(" › ");
}

function hint(complete) {
  if (!current) return "";
  if (work.unrankable) return say("hintNone");
  if (!complete) {
    const left = order.unplaced(cards.ids, work.places).map((id) => cards.letter(id));
    if (left.length < cards.ids.length) return say("hintLeft", left.join(", "));
    return touch.matches ? say("hintTouch") : say("hintStart", cards.ids.length);
  }
  const missing = settings.rationaleMinimum - (work.rationale ?? "").trim().length;
  if (missing > 0) return say("hintRationale", missing);
  return askedAt !== null ? say("hintUnchanged") : say("hintReady");
}

const announce = (text) => ($("announce").textContent = text);

/* Changing the work */

function change(next, said) {
  past.push(work);
  if (past.length > 200) past.shift();
  apply(next);
  if (said) announce(said);
}

function apply(next) {
  work = next;
  askedAt = null;
  keep();
  draw();
}

function keep() {
  if (current) drafts.keep(current.id, { ...work, elapsedMs: clock.elapsedMs });
}

function setPlaces(places, id) {
  const left = order.unplaced(cards.ids, places).length;
  const place = places[id];
  const where = place ? say("announcePlace", cards.letter(id), ordinal(place)) : say("announceUnplaced", cards.letter(id));
  change({ ...work, places, unrankable: false }, `${where} ${left ? say("announceLeft", left) : say("announceAll")}`);
}

/** A digit: the focused answer gets the place, and the focus goes on to the next one without a place. */
function placeByKey(place) {
  const id = cards.current;
  if (!current || !id || place > cards.ids.length) return;
  setPlaces(order.put(work.places, id, place), id);
  cards.focus(order.nextUnplaced(cards.ids, work.places, id) ?? id);
}

cards.addEventListener("place", ({ detail: { id, place } }) => {
  const again = work.places[id] === place;
  setPlaces(again ? order.clear(work.places, id) : order.put(work.places, id, place), id);
});
cards.addEventListener("rate", ({ detail: { id, mark } }) => rate(id, mark));
cards.addEventListener("flag", ({ detail: { id, flags } }) => {
  const { [id]: before, ...others } = work.flags;
  change({ ...work, flags: flags.length ? { ...others, [id]: flags } : others });
});
ladder.addEventListener("drop", ({ detail: { id, place, gap } }) => {
  const { ids } = cards;
  setPlaces(place ? order.put(work.places, id, place) : order.insert(ids, work.places, id, gap), id);
  cards.focus(id, false);
});

function rate(id, mark) {
  if (!current || !settings.ratings || mark > 7) return;
  change({ ...work, ratings: { ...work.ratings, [id]: mark } }, say("announceMark", cards.letter(id), mark));
}

function none() {
  if (!current) return;
  const unrankable = !work.unrankable;
  change({ ...work, unrankable }, say(unrankable ? "hintNone" : "announceRankable"));
}

function undo() {
  if (!past.length) return;
  apply({ ...past.pop(), rationale: $("rationale").value });
  announce(say("undone"));
}

/* Sending */

function submit() {
  if (!current || page.classList.contains("waiting")) return;
  if (lost) return lose(true);
  if (past.length === 0 && performance.now() - shownAt < TOO_SOON) return;
  const left = order.unplaced(cards.ids, work.places);
  if (!work.unrankable && left.length) {
    cards.focus(left[0]);
    return announce(hint(false));
  }
  if ((work.rationale ?? "").trim().length < settings.rationaleMinimum) {
    $("rationale").focus();
    return announce(hint(true));
  }
  if (askedAt !== null && performance.now() - askedAt < TOO_SOON_TO_MEAN_IT) return;
  if (!work.unrankable && !revising && askedAt === null && order.isAsShown(cards.ids, work.places)) {
    askedAt = performance.now();
    draw();
    $("submit").classList.add("asking");
    setTimeout(() => $("submit").classList.remove("asking"), 900);
    return announce(hint(true));
  }
  const task = current;
  const body = {
    groups: work.unrankable ? [] : order.groups(cards.ids, work.places),
    ratings: work.ratings,
    flags: work.flags,
    strength: work.unrankable ? null : work.strength,
    rationale: work.rationale?.trim() || null,
    elapsedMs: clock.elapsedMs,
    unrankable: work.unrankable,
    returns: task.ranking?.returns ?? 0, // what waits here does not answer a note that comes later
  };
  const wasRevised = revising;
  sent.set(task.id, task);
  outbox.add({ taskId: task.id, body, work, revised: wasRevised });
  // A draft that is on its way must arrive first, lest it open the submitted task again.
  drafts.drop(task.id).then(() => outbox.flush());
  if (!wasRevised) status.submitted();
  announce(say("announceSent"));
  if (wasRevised) back();
  else advance();
}

async function advance() {
  if (upcoming) {
    const next = upcoming;
    upcoming = null;
    show(next.task);
    // Loaded a while ago: make sure that it is still ours.
    if (Date.now() - next.at > settings.leaseMs / 2) renew();
    return;
  }
  wait();
  await preloading;
  if (current) return; // something else was opened meanwhile
  if (upcoming) return advance();
  await nextFromServer();
}

/** Asks for a task while nothing is on the screen; once at a time, whoever else wants one. */
function nextFromServer() {
  asking ??= askServer().finally(() => (asking = null));
  return asking;
}

async function askServer() {
  if (outbox.waiting.length) {
    await outbox.flush();
    // Not until the last ranking is stored: the server would hand out the same task again.
    if (outbox.waiting.length) return;
  }
  const before = shows;
  try {
    const task = await leases.next();
    shutOut(false);
    if (current) return;
    // What was loaded beforehand came first and is submitted meanwhile: this may be the same task.
    if (shows !== before) return askServer();
    if (task) {
      show(task);
      preload();
    } else empty();
  } catch (error) {
    if (error.status === 404) return shutOut(true);
    if (error.problem?.title === "Paused") return paused();
    if (isRefusal(error)) return toast(error.message, "bad");
    status.unreachable(error);
    setTimeout(() => current === null && nextFromServer(), 4000);
  }
}

async function preload() {
  if (upcoming || preloading || !current || outbox.waiting.length || revising) return;
  const before = shows;
  preloading = leases.next(current.id).then(
    (task) => {
      // An answer that comes late may be of a task that was asked for again, shown and submitted meanwhile.
      if (task && shows === before && !outbox.holds(task.id)) upcoming = { task, at: Date.now() };
    },
    () => {},
  );
  await preloading;
  preloading = null;
}

function wait() {
  current = null;
  revising = false;
  page.hidden = false;
  $("empty").hidden = $("paused").hidden = true;
  page.classList.add("waiting");
  // Nothing of the task before stays, lest it be taken for the next one's.
  document.body.classList.remove("returned");
  work = nothing();
  rival.close();
  lose(false);
  past = [];
  cards.clear();
  $("rationale").value = "";
  draw();
}

/** Says that the annotator works in this project no more; what is on the screen stays there. */
function shutOut(out) {
  $("shut-out").hidden = !out;
  if (out && !current) page.hidden = true;
}

/** The ranking that was not taken is on the screen again, as it was sent. */
function putBack({ taskId, revised }) {
  const task = sent.get(taskId);
  upcoming = aside = null; // not ours any more either
  if (task) {
    show({ ...task, draft: null }, { revise: revised });
    keep(); // taken as soon as they are let in again
  }
  shutOut(true);
}

function empty() {
  nothingLeft("empty");
}

/** Says that the annotator gets no new tasks until a reviewer lets them in again. */
function paused() {
  nothingLeft("paused");
}

function nothingLeft(why) {
  current = null;
  revising = false;
  page.hidden = true;
  $(why).hidden = false;
  announce([...$(why).querySelectorAll("h2, p")].map(({ textContent }) => textContent).join(" "));
  status.refresh(leases);
}

outbox.addEventListener("delivered", ({ detail: { item } }) => {
  windows.postMessage(item.taskId);
  sent.delete(item.taskId);
  shutOut(false);
  status.refresh(leases);
  // Windows share what waits on this device: it may have been another one's.
  if (!revising) submittedElsewhere(item.taskId);
  if (current) preload();
  else nextFromServer();
});
outbox.addEventListener("refused", async ({ detail: { item, error } }) => {
  if (!item.revised) status.refused();
  status.refresh(leases);
  const keepWork = () => device.write(`draft.${item.taskId}`, { work: item.work, at: Date.now(), synced: false });
  if (error.status === 404) {
    keepWork();
    return putBack(item);
  }
  if (error.status !== 409) {
    keepWork();
    toast(say("refused", error.message), "bad");
  } else if (await wasReturned(item.taskId)) {
    keepWork();
    toast(say("returnedMeanwhile"), "bad");
  } else {
    const reasons = item.work.rationale?.trim();
    toast(say("takenMeanwhile"), "bad", reasons && { label: say("copyReasons"), run: () => copy(reasons) });
  }
  sent.delete(item.taskId);
  if (!current) nextFromServer();
});
async function wasReturned(taskId) {
  const own = await leases.own(taskId).catch(() => null);
  return Boolean(own?.returned);
}

drafts.addEventListener("change", async () => {
  if (drafts.state === "refused" && drafts.refusal.status === 404) shutOut(true);
  if (drafts.state === "saved" && drafts.savedAt) shutOut(false);
  if (!current) return;
  if (drafts.state === "conflict") return meetRival();
  if (drafts.state !== "lost") return;
  // The lease ran out and the seat is gone; another seat of the task will do as well.
  const { id } = current;
  try {
    await leases.again(id);
    if (current?.id === id) keep();
  } catch (error) {
    if (current?.id !== id) return;
    if (error.status !== 409) return complain(error);
    lose(true);
  }
});

async function meetRival() {
  const { id } = current;
  try {
    if (!(await rival.meet())) await submittedElsewhere(id);
  } catch (error) {
    complain(error);
  }
}

/** What was done meanwhile in another window or on another device is shown, unless something was changed here too. */
async function lookAgain() {
  if (document.hidden || !current || lost || drafts.unsent || rival.isOpen || outbox.waiting.length) return;
  const { id } = current;
  const own = await leases.own(id).catch(() => null);
  if (!own || current?.id !== id || drafts.unsent || rival.isOpen) return;
  if (own.submittedAt && !revising) return submittedElsewhere(id);
  if ((own.draft ? own.draftSavedAt : null) !== drafts.begun(id)) show(own);
}
document.addEventListener("visibilitychange", lookAgain);

/** To a task that others have finished nobody comes back. */
async function leaveLost() {
  if (!lost) return;
  await drafts.drop(current.id);
  advance();
}

windows.addEventListener("message", ({ data: taskId }) => {
  status.refresh(leases);
  submittedElsewhere(taskId);
});

/** Submitted in another window: what is here must not go over it unseen. */
async function submittedElsewhere(taskId) {
  if (upcoming?.task.id === taskId) upcoming = null;
  if (aside?.id === taskId) aside = null;
  if (current?.id !== taskId) return;
  const here = drafts.hasChanged(taskId) ? work : null;
  pauseKeys();
  wait();
  toast(say("submittedElsewhere"), "bad");
  await drafts.discard(taskId);
  try {
    const task = await leases.own(taskId);
    if (current !== null) return;
    show(task, { revise: true });
    if (here && says(here) !== says(work)) rival.offer({ id: taskId, work, at: null }, here);
  } catch (error) {
    complain(error);
    nextFromServer();
  }
}

/* Skipping, going back */

function skip() {
  if (!current || (revising && !current.returned)) return;
  if (lost) return leaveLost();
  $("skip-form").reset();
  $("skip-dialog").showModal();
}

$("skip-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const reason = skipReason(event.target);
  const task = current;
  $("skip-dialog").close();
  await drafts.drop(task.id);
  try {
    await leases.skip(task.id, reason);
    status.refresh(leases);
    announce(say("announceSkipped"));
    if (revising) return back();
    await advance();
    preload();
  } catch (error) {
    complain(error);
    keep();
  }
});

async function openAgain(load) {
  try {
    await drafts.flush();
    await outbox.flush();
    const task = await load();
    if (!task) return toast(say("noPrevious"));
    // As it is kept, not as it was when it came.
    if (!revising) aside = current && asItIs();
    show(task, { revise: Boolean(task.submittedAt) });
  } catch (error) {
    complain(error);
  }
}

function asItIs() {
  const { elapsedMs } = clock;
  if (work === untouched) return { ...current, elapsedMs };
  return { ...current, draft: { ...work, elapsedMs }, draftSavedAt: drafts.begun(current.id) };
}

/** To the ranking submitted last, and from one that is open again to the one before it. */
async function previous() {
  const from = revising ? current.id : null;
  await openAgain(async () => {
    const before = await worklist.submittedBefore(from);
    return before && leases.own(before.taskId);
  });
}

function openFromQueue({ taskId }, queue) {
  return openAgain(async () => {
    // A draft may be of changes to a ranking that is submitted, which needs no lease.
    const own = queue === "submitted" || queue === "returned" || queue === "draft" ? await leases.own(taskId) : null;
    return own?.submittedAt ? own : leases.again(taskId);
  });
}

/** From a revised task to the one that was left for it. */
function back() {
  const task = aside;
  aside = null;
  if (task) show(task);
  else advance();
  preload();
}

async function leaveRevision() {
  // What was sent back is first in the queue until it is answered.
  if (!revising || (current.returned && !aside)) return;
  await drafts.discard(current.id);
  back();
}

/* Keeping the lease */

async function renew() {
  if (!current || revising || lost) return;
  const { id } = current;
  try {
    await leases.again(id);
  } catch (error) {
    if (error.status !== 409 || current?.id !== id) return;
    // Nobody who has only just got the task has lost anything with it.
    if (work === untouched) advance();
    else lose(true);
  }
}
setInterval(() => clock.isActive && renew(), Math.max(5_000, settings.leaseMs / 3));

/* Wiring */

$("rationale").addEventListener("input", (event) => {
  work = { ...work, rationale: event.target.value };
  keep();
  draw();
});
for (const radio of document.querySelectorAll('input[name="strength"]')) {
  radio.addEventListener("change", () => change({ ...work, strength: Number(radio.value) }));
}
for (const [id, action] of Object.entries({ none, undo })) {
  $(id).addEventListener("click", (event) => {
    action();
    // What follows a press of the pointer is Enter for Submit, not for the same button again.
    if (event.detail) cards.focus(cards.current, false);
  });
}
const clicks = { submit: (event) => event.detail > 1 || submit(), skip, previous, leave: leaveRevision, next: leaveLost, again: () => nextFromServer(), "let-in": () => nextFromServer() };
for (const [id, action] of Object.entries(clicks)) $(id).addEventListener("click", action);
$("work").addEventListener("click", () => worklist.open());
$("copy-rationale").addEventListener("click", async () => {
  if (await copy(work.rationale)) toast(say("copiedReasons"));
});

/** Kept for the tasks to come. */
function plain(on) {
  cards.plain = on;
  $("plain").setAttribute("aria-pressed", String(on));
  device.write("plain", on);
}
plain(device.read("plain") === true);
$("plain").addEventListener("click", () => plain(!cards.plain));

function strength() {
  if (!current || !settings.strength) return;
  const next = ((work.strength ?? 0) % 4) + 1;
  const label = document.querySelector(`input[name="strength"][value="${next}"]`).parentElement.textContent.trim();
  change({ ...work, strength: next }, label);
}

listen({
  place: placeByKey,
  rate: (mark) => rate(cards.current, mark),
  step: (by) => cards.step(by),
  move: (by) => current && setPlaces(order.move(cards.ids, work.places, cards.current, by), cards.current),
  tie: () => current && setPlaces(order.tie(cards.ids, work.places, cards.current), cards.current),
  unplace: () => current && setPlaces(order.clear(work.places, cards.current), cards.current),
  submit,
  save: () => drafts.flush(),
  undo,
  none,
  skip,
  previous,
  strength,
  flags: () => cards.openFlags(cards.current),
  copy: () => cards.copy(cards.current),
  plain: () => plain(!cards.plain),
  unfold: () => cards.unfold(cards.current),
  rationale: () => settings.rationale && $("rationale").focus(),
  guidelines: toggleGuidelines,
  work: () => worklist.open(),
  help: () => $("keys-dialog").showModal(),
  leaveText: () => cards.focus(cards.current, false),
  // No single key throws away what was changed.
  leave: () => (cards.focused || !revising || work !== untouched ? cards.focus(cards.current) : leaveRevision()),
});

/** The side column takes what height is free below its top, and shows when there is more of it. */
const side = document.querySelector(".annotate-side");
function fit() {
  const top = Math.round(Math.max(0, side.getBoundingClientRect().top));
  side.style.setProperty("--side-top", `${top}px`);
  side.classList.toggle("more", side.scrollHeight - side.scrollTop - side.clientHeight > 4);
}
for (const sign of ["scroll", "resize"]) addEventListener(sign, fit, { passive: true });
side.addEventListener("scroll", fit, { passive: true });
const sizes = new ResizeObserver(fit);
for (const part of [side, ...side.children]) sizes.observe(part);

keepGuidelines(device, page.dataset.project);
keepSingleKeys(device);

status.refresh(leases);
wait();
await outbox.flush();
if (!outbox.waiting.length && !current) await nextFromServer();
