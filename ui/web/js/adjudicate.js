// The annotators' form for a reviewer: the order that counts for a task. What is not sent yet stays on this device.
import { Cards } from "./annotate/cards.js";
import { Device } from "./annotate/device.js";
import { listen } from "./annotate/keys.js";
import { Ladder } from "./annotate/ladder.js";
import * as order from "./annotate/order.js";
import { ordinal, say } from "./annotate/words.js";
import { request } from "./csrf.js";

const $ = (id) => document.getElementById(id);
const form = $("adjudicate");
const url = `/api/tasks/${form.dataset.task}/adjudication`;
const version = Number(form.dataset.version);
const device = new Device(document.querySelector('meta[name="account"]').content);
const touch = matchMedia("(pointer: coarse)");
const draft = `draft.adjudication-${form.dataset.task}`;

const completions = [...form.querySelectorAll("[data-completion]")].map((card) => ({
  id: card.dataset.completion,
  text: card.dataset.text,
  html: card.querySelector(".answer-words").innerHTML, // made safe by the server
}));
const inForce = {
  places: order.fromGroups(JSON.parse(form.dataset.groups)),
  strength: form.dataset.strength ? Number(form.dataset.strength) : null,
  reason: form.dataset.reason,
  unrankable: form.dataset.unrankable === "true",
};

const cards = new Cards({ ratings: false, flags: [] });
const ladder = new Ladder(cards);
let work = device.read(draft)?.work ?? inForce;
let past = []; // earlier works, for undo

cards.show({ completions });
ladder.show({ completions });
for (const id of cards.ids) cards.get(id).id = `answer-${cards.letter(id)}`;

const says = ({ places, strength, reason, unrankable }) =>
  JSON.stringify(unrankable ? [true, reason] : [order.groups(cards.ids, places), strength, reason]);
const isUnsent = () => says(work) !== says(inForce);
const isComplete = () => work.unrankable || order.isComplete(cards.ids, work.places);
const announce = (text) => ($("announce").textContent = text);

function draw() {
  cards.draw({ ...work, ratings: {}, flags: {} });
  ladder.draw(work);
  for (const radio of form.querySelectorAll('input[name="strength"]')) {
    radio.checked = Number(radio.value) === work.strength;
    radio.disabled = work.unrankable;
  }
  if ($("reason").value !== work.reason) $("reason").value = work.reason;
  $("none").setAttribute("aria-pressed", String(work.unrankable));
  $("submit").classList.toggle("ready", isComplete() && isUnsent());
  $("undo").disabled = past.length === 0;
  $("reset").hidden = !isUnsent();
  $("hint").textContent = hint();
}

function hint() {
  if (!isUnsent() && version) return say("hintInForce");
  if (work.unrankable) return say("hintNone");
  const left = order.unplaced(cards.ids, work.places).map((id) => cards.letter(id));
  if (left.length === cards.ids.length) return touch.matches ? say("hintTouch") : say("hintStart", left.length);
  return left.length ? say("hintLeft", left.join(", ")) : say("hintUnsent");
}

function change(next, said) {
  past.push(work);
  apply(next);
  if (said) announce(said);
}

function apply(next) {
  work = next;
  if (isUnsent()) device.write(draft, { work, at: Date.now() });
  else device.remove(draft);
  draw();
}

function setPlaces(places, id) {
  const place = places[id];
  const said = place ? say("announcePlace", cards.letter(id), ordinal(place)) : say("announceUnplaced", cards.letter(id));
  change({ ...work, places, unrankable: false }, said);
}

function undo() {
  if (!past.length) return;
  apply(past.pop());
  announce(say("undone"));
}

async function send(method, json) {
  $("submit").disabled = true;
  $("refused").hidden = true;
  try {
    await request(json ? url : `${url}?version=${version}`, { method, json });
    device.remove(draft);
    location.reload();
  } catch (error) {
    $("refused").textContent = error.message;
    $("refused").hidden = false;
    $("submit").disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isComplete()) {
    cards.focus(order.unplaced(cards.ids, work.places)[0]);
    return announce(hint());
  }
  const { places, strength, reason, unrankable } = work;
  const ranking = unrankable ? { groups: [], unrankable } : { groups: order.groups(cards.ids, places), strength };
  send("PUT", { ranking, reason: reason.trim() || null, version });
});

cards.addEventListener("place", ({ detail: { id, place } }) => {
  const again = work.places[id] === place;
  setPlaces(again ? order.clear(work.places, id) : order.put(work.places, id, place), id);
});
ladder.addEventListener("drop", ({ detail: { id, place, gap } }) => {
  setPlaces(place ? order.put(work.places, id, place) : order.insert(cards.ids, work.places, id, gap), id);
  cards.focus(id, false);
});
for (const radio of form.querySelectorAll('input[name="strength"]')) {
  radio.addEventListener("change", () => change({ ...work, strength: Number(radio.value) }));
}
$("reason").addEventListener("input", () => apply({ ...work, reason: $("reason").value }));
const none = () => change({ ...work, unrankable: !work.unrankable });
$("none").addEventListener("click", none);
$("undo").addEventListener("click", undo);
$("reset").addEventListener("click", () => change(inForce));
$("take-back")?.addEventListener("click", () => send("DELETE"));

/** A digit: the marked answer gets the place, and the next one without a place is marked. */
function placeByKey(place) {
  const id = cards.current;
  if (place > cards.ids.length) return;
  setPlaces(order.put(work.places, id, place), id);
  cards.focus(order.nextUnplaced(cards.ids, work.places, id) ?? id);
}

const onCurrent = (change) => () => setPlaces(change(cards.current), cards.current);
listen(
  {
    place: placeByKey,
    rate: () => {},
    step: (by) => cards.step(by),
    move: (by) => setPlaces(order.move(cards.ids, work.places, cards.current, by), cards.current),
    tie: onCurrent((id) => order.tie(cards.ids, work.places, id)),
    unplace: onCurrent((id) => order.clear(work.places, id)),
    undo,
    none,
    unfold: () => cards.unfold(cards.current),
    rationale: () => $("reason").focus(),
    leaveText: () => cards.focus(cards.current),
    submit: () => form.requestSubmit(),
  },
  form,
);

draw();
