/** The page where people talk to policies, one alone or two side by side. */
@NullMarked
package org.laurel.playground;

import org.jspecify.annotations.NullMarked;
