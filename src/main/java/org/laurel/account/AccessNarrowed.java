package org.laurel.account;

import java.util.UUID;

/**
 * Fired in the transaction that takes something from an account: its place in a project or in all
 * of them, its role, the right to sign in. What it holds and may hold no more is to end.
 */
public record AccessNarrowed(UUID account) {}
