// The order of the answers: each answer has a place from 1 to K or none yet, equal places are ties.
// Pure functions over { id: place }; whoever calls keeps the ids in the order shown.

export const unplaced = (ids, places) => ids.filter((id) => !places[id]);

/** The next answer without a place, those before `id` after the last; none if all have one. */
export function nextUnplaced(ids, places, id) {
  const index = ids.indexOf(id);
  return unplaced([...ids.slice(index + 1), ...ids.slice(0, index)], places)[0];
}

export const isComplete = (ids, places) => ids.length > 0 && ids.every((id) => places[id]);

/** Groups of ids, best first. Within a tie the order shown. */
export function groups(ids, places) {
  const byPlace = new Map();
  for (const id of ids) {
    if (!places[id]) continue;
    if (!byPlace.has(places[id])) byPlace.set(places[id], []);
    byPlace.get(places[id]).push(id);
  }
  return [...byPlace.keys()].sort((a, b) => a - b).map((place) => byPlace.get(place));
}

/** Places 1, 2, 3 ... for groups, as a stored ranking has them. */
export function fromGroups(found) {
  const places = {};
  found.forEach((group, index) => group.forEach((id) => (places[id] = index + 1)));
  return places;
}

export const at = (ids, places, place) => ids.filter((id) => places[id] === place);

export const put = (places, id, place) => ({ ...places, [id]: place });

export function clear(places, id) {
  const { [id]: gone, ...rest } = places;
  return rest;
}

/**
 * Puts an answer between two places: `gap` 0 is above the first, K below the last. The neighbours
 * make room towards the nearest empty place, downwards if they can.
 */
export function insert(ids, places, id, gap) {
  const count = ids.length;
  const next = clear(places, id);
  const taken = (place) => ids.some((other) => next[other] === place);
  const shift = (from, to, by) => {
    for (const other of ids) if (next[other] >= from && next[other] <= to) next[other] += by;
  };
  let free = gap + 1;
  while (free <= count && taken(free)) free++;
  if (free <= count) {
    shift(gap + 1, free - 1, 1);
    next[id] = gap + 1;
    return next;
  }
  free = gap;
  while (free >= 1 && taken(free)) free--;
  shift(free + 1, gap, -1);
  next[id] = Math.max(1, gap);
  return next;
}

/** One step better or worse: out of a tie first, then past the neighbour. */
export function move(ids, places, id, by) {
  if (!places[id]) return put(places, id, by < 0 ? 1 : ids.length);
  const place = places[id];
  if (at(ids, places, place).length > 1) return insert(ids, places, id, by < 0 ? place - 1 : place);
  const others = ids.map((other) => places[other]).filter((p) => p && (by < 0 ? p < place : p > place));
  if (!others.length) return put(places, id, by < 0 ? 1 : ids.length);
  const neighbour = by < 0 ? Math.max(...others) : Math.min(...others);
  const swapped = { ...places };
  for (const other of ids) if (places[other] === neighbour) swapped[other] = place;
  swapped[id] = neighbour;
  return swapped;
}

/** Shares the place of the next better answer; of the worst one placed if it has none yet. */
export function tie(ids, places, id) {
  const mine = places[id];
  const others = ids.filter((other) => other !== id && places[other]).map((other) => places[other]);
  const better = mine ? others.filter((place) => place <= mine) : others;
  return better.length ? put(places, id, Math.max(...better)) : places;
}

/** Whether it says only the order in which the answers happened to be shown. */
export function isAsShown(ids, places) {
  const found = groups(ids, places);
  return found.length === ids.length && found.every((group, index) => group[0] === ids[index]);
}
