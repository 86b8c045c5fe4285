/** Who did what, to be read: the page of the audit log, and its lines over the API. */
@NullMarked
package org.laurel.audit;

import org.jspecify.annotations.NullMarked;
