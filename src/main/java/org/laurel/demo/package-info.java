/** The project that a fresh Laurel begins with, so that a person can rank at once. */
@NullMarked
package org.laurel.demo;

import org.jspecify.annotations.NullMarked;
