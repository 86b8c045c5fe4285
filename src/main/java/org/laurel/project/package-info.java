/** Projects: what is annotated, under which guidelines, by whom. */
@NullMarked
package org.laurel.project;

import org.jspecify.annotations.NullMarked;
