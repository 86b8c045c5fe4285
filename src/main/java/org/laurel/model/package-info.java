/**
 * A language model as files: its configuration, its weights, its directory in Hugging Face's
 * layout.
 */
@NullMarked
package org.laurel.model;

import org.jspecify.annotations.NullMarked;
