/** The command {@code laurel}: one class per subcommand. */
@NullMarked
package org.laurel.cli;

import org.jspecify.annotations.NullMarked;
