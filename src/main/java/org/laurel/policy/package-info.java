/** Policies: every version with its parent, data, run and metrics, and which of them is served. */
@NullMarked
package org.laurel.policy;

import org.jspecify.annotations.NullMarked;
