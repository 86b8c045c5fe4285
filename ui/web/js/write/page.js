// The page on which annotators write: shows a prompt, keeps what is typed, sends it, shows the next.
import { copy } from "../clipboard.js";
import { isRefusal } from "../csrf.js";
import { toast } from "../toast.js";
import { Clock } from "../annotate/clock.js";
import { complain } from "../annotate/complain.js";
import { demonstrations } from "../annotate/destination.js";
import { Device } from "../annotate/device.js";
import { Drafts } from "../annotate/drafts.js";
import { keepGuidelines, toggleGuidelines } from "../annotate/guidelines.js";
import { keepSingleKeys, keysArePaused, pauseKeys } from "../annotate/keys.js";
import { Outbox } from "../annotate/outbox.js";
import { showPrompt } from "../annotate/prompt.js";
import { Rival } from "../annotate/rival.js";
import { skipReason } from "../annotate/skipping.js";
import { Status } from "../annotate/status.js";
import { say } from "../annotate/words.js";
import { WorkList } from "../annotate/worklist.js";
import { listen } from "./keys.js";
import { Preview } from "./preview.js";
import { Prompts } from "./prompts.js";

const $ = (id) => document.getElementById(id);
const page = $("write");
const leaseMs = Number(page.dataset.leaseMs);
const text = $("text");
const touch = matchMedia("(pointer: coarse)");
const flags = [...document.querySelectorAll('input[name="flag"]')];

const device = new Device(page.dataset.account);
const drafts = new Drafts(device, demonstrations);
const outbox = new Outbox(device, demonstrations);
const prompts = new Prompts(page.dataset.project);
const clock = new Clock();
const preview = new Preview();
const status = new Status(drafts, outbox);
const worklist = new WorkList(prompts, (item, queue) => openFromQueue(item, queue));
const rival = new Rival({
  drafts,
  says,
  id: () => current?.id,
  own: (id) => prompts.own(id),
  revising: () => revising,
  work: () => work(),
  put: (other) => {
    write(other);
    draw();
  },
  keep: () => keep(),
});
/** Tells the other windows on this device what is written. */
const windows = new BroadcastChannel(`laurel.${page.dataset.account}.written`);
const languageOfPage = document.documentElement.lang;
const plural = new Intl.PluralRules(languageOfPage);
const segmenter = new Intl.Segmenter(languageOfPage, { granularity: "word" });

let current = null; // the prompt on the screen
let revising = false; // it is written to already and opened again
let lost = false; // somebody else has it by now
let aside = null; // the prompt left for one that is revised
let asking = null; // the request for a prompt while nothing is on the screen
let recovering = null; // the request for the lease of a prompt that went to somebody else

/* Showing */

function show(prompt) {
  current = prompt;
  revising = Boolean(prompt.submittedAt);
  const work = drafts.open(prompt) ?? prompt.written ?? {};
  clock.restart(work.elapsedMs ?? 0);
  drafts.fresh();
  showPrompt(prompt.messages);
  write(work);
  lose(!revising && !prompt.leaseExpiresAt);
  document.body.classList.toggle("revising", revising);
  $("skip").hidden = revising;
  page.hidden = false;
  page.classList.remove("waiting");
  rival.close();
  $("skip-dialog").close(); // was opened for another
  $("empty").hidden = true;
  showText(true);
  draw();
  scrollTo({ top: 0 });
  // Where one taps, the keyboard would hide the prompt.
  if (!touch.matches && !keysArePaused()) text.focus({ preventScroll: true });
  announce(say("shown"));
}

function write(work) {
  text.value = work.text ?? "";
  for (const box of flags) box.checked = (work.flags ?? []).includes(box.value);
  $("prompt-flags").open = flags.some((box) => box.checked);
  preview.show(text.value);
}

function draw() {
  const ready = Boolean(current && text.value.trim());
  $("submit").classList.toggle("ready", ready);
  $("submit-label").textContent = say(revising ? "saveChanges" : "submit");
  $("hint").textContent = current ? say(ready ? "hintReady" : "hintStart") : "";
  const raised = flags.filter((box) => box.checked).length;
  $("flag-count").textContent = raised || "";
  const words = countWords(text.value);
  $("count").textContent = say(plural.select(words) === "one" ? "wordOne" : "wordMany", words.toLocaleString(languageOfPage));
}

function countWords(written) {
  let words = 0;
  for (const { isWordLike } of segmenter.segment(written)) if (isWordLike) words++;
  return words;
}

/** Where there is no room for both, the text or the preview is seen. */
function showText(on) {
  page.classList.toggle("previewing", !on);
  $("show-preview").setAttribute("aria-pressed", String(!on));
  $("show-preview").textContent = say(on ? "showPreview" : "showText");
}

function lose(on) {
  const news = on && !lost;
  lost = on;
  $("lost").hidden = !on;
  if (news) $("lost").scrollIntoView({ block: "nearest" });
}

const announce = (words) => ($("announce").textContent = words);

/* Writing */

const work = () => ({
  text: text.value,
  flags: flags.filter((box) => box.checked).map((box) => box.value),
  elapsedMs: clock.elapsedMs,
});

function keep() {
  if (current) drafts.keep(current.id, work());
}

/** The same for the same text and flags. */
function says({ text: written, flags: raised }) {
  return JSON.stringify([written ?? "", [...(raised ?? [])].sort()]);
}

function changed() {
  keep();
  preview.show(text.value);
  draw();
}

/* Sending */

function submit() {
  if (!current) return;
  if (!text.value.trim()) {
    showText(true);
    text.focus();
    $("hint").textContent = say("hintEmpty");
    return announce(say("hintEmpty"));
  }
  const { id, messages, submittedAt } = current;
  // With it goes what it takes to show it again, if it is not taken.
  outbox.add({ taskId: id, body: work(), revised: revising, shown: { id, messages, submittedAt } });
  // A draft that is on its way must arrive first, lest it open the prompt again.
  drafts.drop(id).then(() => outbox.flush());
  if (!revising) status.submitted();
  announce(say("announceSent"));
  if (revising) back();
  else advance();
}

async function advance() {
  wait();
  await nextFromServer();
}

/** Asks for a prompt while nothing is on the screen; once at a time, whoever else wants one. */
function nextFromServer() {
  asking ??= askServer().finally(() => (asking = null));
  return asking;
}

async function askServer() {
  if (outbox.waiting.length) {
    await outbox.flush();
    // Not until the last one is stored: the server would hand out the same prompt again.
    if (outbox.waiting.length) return;
  }
  if (current) return;
  try {
    const prompt = await prompts.next();
    shutOut(false);
    if (current) return;
    if (prompt) show(prompt);
    else empty();
  } catch (error) {
    if (error.status === 404) return shutOut(true);
    if (isRefusal(error)) return toast(error.message, "bad");
    status.unreachable(error);
    setTimeout(() => current === null && nextFromServer(), 4000);
  }
}

function wait() {
  current = null;
  revising = false;
  page.hidden = false;
  $("empty").hidden = true;
  page.classList.add("waiting");
  document.body.classList.remove("revising");
  lose(false);
  rival.close();
  // Nothing of the prompt before stays, lest it be taken for the next one's.
  write({});
  preview.clear();
  draw();
}

function empty() {
  current = null;
  revising = false;
  page.hidden = true;
  $("empty").hidden = false;
  announce($("empty").textContent);
  status.refresh(prompts);
}

/** Says that the annotator works in this project no more; what is on the screen stays there. */
function shutOut(out) {
  $("shut-out").hidden = !out;
  if (out && !current) page.hidden = true;
}

outbox.addEventListener("delivered", ({ detail: { item } }) => {
  windows.postMessage(item.taskId);
  shutOut(false);
  status.refresh(prompts);
  // Windows share what waits on this device: it may have been another one's.
  if (!revising) submittedElsewhere(item.taskId);
  if (!current) nextFromServer();
});

/** What was not taken is on the screen again as it was sent, and kept. */
outbox.addEventListener("refused", ({ detail: { item, error } }) => {
  if (!item.revised) status.refused();
  status.refresh(prompts);
  device.write(`draft.${item.taskId}`, { work: item.body, at: Date.now(), synced: false });
  aside = null;
  pauseKeys();
  show({ ...item.shown, leaseExpiresAt: error.status === 409 ? null : "unknown", draft: null });
  if (error.status === 404) {
    keep(); // taken as soon as they are let in again
    return shutOut(true);
  }
  toast(error.status === 409 ? say("takenMeanwhile") : say("refused", error.message), "bad");
});

drafts.addEventListener("change", () => {
  if (drafts.state === "refused" && drafts.refusal.status === 404) shutOut(true);
  if (drafts.state === "saved" && drafts.savedAt) shutOut(false);
  if (drafts.state === "lost" && current) recover();
  if (drafts.state === "conflict" && current) meetRival();
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
  const own = await prompts.own(id).catch(() => null);
  if (!own || current?.id !== id || drafts.unsent || rival.isOpen) return;
  if (own.submittedAt && !revising) return submittedElsewhere(id);
  if ((own.draft ? own.draftSavedAt : null) !== drafts.begun(id)) show(own);
}
document.addEventListener("visibilitychange", lookAgain);

/** The lease ran out and the seat is gone; another seat of the prompt will do as well. */
function recover() {
  recovering ??= leaseAgain().finally(() => (recovering = null));
  return recovering;
}

async function leaseAgain() {
  const { id } = current;
  try {
    await prompts.again(id);
    if (current?.id !== id) return;
    lose(false);
    keep();
  } catch (error) {
    if (current?.id !== id) return;
    if (error.status !== 409) return complain(error);
    lose(true);
  }
}

windows.addEventListener("message", ({ data: promptId }) => {
  status.refresh(prompts);
  submittedElsewhere(promptId);
});

/** Submitted in another window: what is here must not go over it unseen. */
async function submittedElsewhere(promptId) {
  if (aside?.id === promptId) aside = null;
  if (current?.id !== promptId) return;
  const here = drafts.hasChanged(promptId) && text.value.trim() ? work() : null;
  pauseKeys();
  wait();
  toast(say("submittedElsewhere"), "bad");
  await drafts.discard(promptId);
  try {
    const prompt = await prompts.own(promptId);
    if (current !== null) return;
    show(prompt);
    if (here && says(here) !== says(work())) rival.offer({ id: promptId, work: work(), at: null }, here);
  } catch (error) {
    complain(error);
    nextFromServer();
  }
}

/* Skipping, going back */

function skip() {
  if (!current || revising || $("skip-dialog").open) return;
  if (lost) return leaveLost();
  $("skip-form").reset();
  $("skip-work").hidden = !text.value.trim();
  $("skip-dialog").showModal();
}

$("skip-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const reason = skipReason(event.target);
  const { id } = current;
  $("skip-dialog").close();
  try {
    await drafts.flush();
    await prompts.skip(id, reason);
    await drafts.drop(id);
    status.refresh(prompts);
    announce(say("announceSkipped"));
    await advance();
  } catch (error) {
    complain(error);
    keep();
  }
});

async function openAgain(load) {
  try {
    await drafts.flush();
    await outbox.flush();
    const prompt = await load();
    if (!prompt) return toast(say("noPrevious"));
    // As it is kept, not as it was when it came.
    if (!revising) aside = current && { ...current, draft: text.value ? work() : null, draftSavedAt: drafts.begun(current.id) };
    show(prompt);
  } catch (error) {
    complain(error);
  }
}

/** To what was submitted last, and from one that is open again to the one before it. */
async function previous() {
  const from = revising ? current.id : null;
  await openAgain(async () => {
    const before = await worklist.submittedBefore(from);
    return before && prompts.own(before.promptId);
  });
}

/** A draft may be of a prompt that somebody else has by now; it is shown all the same. */
function openFromQueue({ promptId }, queue) {
  return openAgain(async () => {
    if (queue === "skipped") return prompts.again(promptId);
    const own = await prompts.own(promptId);
    if (own.submittedAt) return own;
    return prompts.again(promptId).catch((error) => {
      if (error.status === 409) return { ...own, leaseExpiresAt: null };
      throw error;
    });
  });
}

/** From a revised prompt to the one that was left for it. */
function back() {
  const prompt = aside;
  aside = null;
  if (prompt) show(prompt);
  else advance();
}

async function leaveRevision() {
  if (!revising) return;
  await drafts.discard(current.id);
  back();
}

/** What was written stays, here for a week and among the drafts as far as the server has it. */
function leaveLost() {
  if (lost) advance();
}

async function copyText() {
  if (await copy(text.value)) toast(say("copied"));
  else text.select();
}

/* Keeping the lease */

async function renew() {
  if (!current || revising || lost) return;
  const { id } = current;
  try {
    await prompts.again(id);
  } catch (error) {
    if (error.status === 409 && current?.id === id) lose(true);
  }
}
setInterval(() => clock.isActive && renew(), Math.max(5_000, leaseMs / 3));

/* Wiring */

text.addEventListener("input", changed);
for (const box of flags) box.addEventListener("change", changed);
const turn = () => {
  showText(page.classList.contains("previewing"));
  if (!page.classList.contains("previewing")) text.focus();
};
const clicks = {
  submit: (event) => event.detail > 1 || submit(),
  skip,
  previous,
  copy: copyText,
  leave: leaveRevision,
  next: leaveLost,
  again: () => nextFromServer(),
  "show-preview": turn,
};
for (const [id, action] of Object.entries(clicks)) $(id).addEventListener("click", action);
$("work").addEventListener("click", () => worklist.open());

listen({
  submit,
  save: () => drafts.flush(),
  leaveText: () => $("submit").focus({ preventScroll: true }),
  // No single key throws away what was changed.
  leave: () => text.value === (current?.written?.text ?? "") && leaveRevision(),
  write: () => {
    showText(true);
    text.focus();
  },
  preview: turn,
  flags: () => {
    $("prompt-flags").open = true;
    flags[0].focus();
  },
  skip,
  previous,
  work: () => worklist.open(),
  guidelines: toggleGuidelines,
  help: () => $("keys-dialog").showModal(),
});

keepGuidelines(device, page.dataset.project);
keepSingleKeys(device);

status.refresh(prompts);
wait();
await outbox.flush();
if (!outbox.waiting.length && !current) await nextFromServer();
