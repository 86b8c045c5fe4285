package org.laurel.engine.nn;

/**
 * Where the first tokens of a batch's sequences are, as a rectangle: as many slots in every row as
 * the fullest has sequences. A slot that no sequence fills points to its row's first token.
 *
 * @param places flat index (row * width + column) by slot, [rows * slots]
 * @param order slot of each sequence, in the order of {@link TokenBatch#firstIndexes}
 */
@SuppressWarnings("ArrayRecordComponent") // only ever read
record FirstTokens(int slots, long[] places, long[] order) {

  static FirstTokens of(TokenBatch batch) {
    long[] indexes = batch.firstIndexes();
    int[] filled = new int[batch.rows()];
    int slots = 1;
    for (long index : indexes) {
      slots = Math.max(slots, ++filled[(int) (index / batch.width())]);
    }
    long[] places = new long[batch.rows() * slots];
    for (int slot = 0; slot < places.length; slot++) {
      places[slot] = (long) slot / slots * batch.width();
    }
    long[] order = new long[indexes.length];
    int[] next = new int[batch.rows()];
    for (int i = 0; i < indexes.length; i++) {
      int row = (int) (indexes[i] / batch.width());
      order[i] = (long) row * slots + next[row]++;
      places[(int) order[i]] = indexes[i];
    }
    return new FirstTokens(slots, places, order);
  }
}
