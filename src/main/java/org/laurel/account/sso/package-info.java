/** Single sign-on: people whom an OpenID provider vouches for get a session of ours. See ADR 18. */
@NullMarked
package org.laurel.account.sso;

import org.jspecify.annotations.NullMarked;
