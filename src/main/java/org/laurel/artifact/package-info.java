/**
 * Model directories kept by content: a folder is named by the hash of what it holds and never
 * changes.
 */
@NullMarked
package org.laurel.artifact;

import org.jspecify.annotations.NullMarked;
