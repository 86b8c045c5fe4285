/**
 * Where Laurel's data lives: the embedded PostgreSQL under LAUREL_HOME, or an external one by URL;
 * and how servers share the work that waits in it.
 */
@NullMarked
package org.laurel.database;

import org.jspecify.annotations.NullMarked;
