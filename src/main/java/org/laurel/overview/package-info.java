/**
 * The first pages a person sees: the projects, and where one of them stands; it looks at all
 * features and none looks at it.
 */
@NullMarked
package org.laurel.overview;

import org.jspecify.annotations.NullMarked;
