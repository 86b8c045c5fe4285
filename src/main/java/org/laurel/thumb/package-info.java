/** Thumbs: what somebody thinks of one completion, beside no other, given in the browser. */
@NullMarked
package org.laurel.thumb;

import org.jspecify.annotations.NullMarked;
