/** Frozen, hashed selections of the data for training, and exports of it for other trainers. */
@NullMarked
package org.laurel.dataset;

import org.jspecify.annotations.NullMarked;
