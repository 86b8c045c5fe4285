/**
 * Who may sign in, and how: people by password or single sign-on and cookie session, programs by
 * API token.
 */
@NullMarked
package org.laurel.account;

import org.jspecify.annotations.NullMarked;
