/** Laurel as people use it, in a real browser. */
@NullMarked
package org.laurel.browser;

import org.jspecify.annotations.NullMarked;
