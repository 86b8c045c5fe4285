/**
 * Sampling: a policy's completions of a project's prompts, with all that is needed to make them
 * again.
 */
@NullMarked
package org.laurel.sampling;

import org.jspecify.annotations.NullMarked;
