package org.laurel.account.sso;

import org.jspecify.annotations.Nullable;

/**
 * Whom the provider vouches for.
 *
 * @param subject what the provider calls the person, for ever
 * @param email null where the provider tells none
 * @param verified whether the provider says that the address is the person's; where it says
 *     nothing, whether the operator trusts it
 */
record Person(
    String issuer,
    String subject,
    @Nullable String email,
    boolean verified,
    @Nullable String name) {}
