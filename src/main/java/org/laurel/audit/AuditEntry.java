package org.laurel.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that was done.
 *
 * @param account who did it; null for the server itself
 * @param by the name of that account, else its address
 * @param action noun and past participle, such as {@code policy.promoted}
 * @param subjectKind what it was done to: account, project, ranking, ...
 * @param subject by what name people know it, where it has one
 * @param project in which it was done; null outside projects
 * @param summary all that in a sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditEntry(
    long id,
    Instant at,
    @Nullable UUID account,
    @Nullable String by,
    String action,
    String subjectKind,
    String subjectId,
    @Nullable String subject,
    @Nullable UUID project,
    @Nullable String projectName,
    String summary,
    JsonNode detail) {}
