/** Review: what each person said of a task, for those who look after the work. */
@NullMarked
package org.laurel.review;

import org.jspecify.annotations.NullMarked;
