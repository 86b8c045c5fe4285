/** The corpus that Laurel writes itself, and how the starter policy is made from it. */
@NullMarked
package org.laurel.starter;

import org.jspecify.annotations.NullMarked;
