/**
 * What people prefer: rankings with ties, the comparisons they imply, and how well people agree.
 */
@NullMarked
package org.laurel.preference;

import org.jspecify.annotations.NullMarked;
