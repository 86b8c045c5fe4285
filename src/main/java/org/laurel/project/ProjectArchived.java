package org.laurel.project;

import java.util.UUID;

/** Fired in the transaction that archives a project: whatever works in it is to end. */
public record ProjectArchived(UUID id) {}
