package org.laurel.web;

import static org.eclipse.microprofile.openapi.OASFactory.createSchema;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jspecify.annotations.Nullable;

/** The schemas of an OpenAPI document that answers are made of, and no request. */
final class AnswerSchemas {
  private static final String SCHEMAS = "#/components/schemas/";

  private static final String PROBLEM = SCHEMAS + ProblemDocument.class.getSimpleName();

  private final Map<String, Schema> schemas;

  private AnswerSchemas(Map<String, Schema> schemas) {
    this.schemas = schemas;
  }

  /** Their names. */
  static Set<String> of(OpenAPI api) {
    List<Operation> operations =
        api.getPaths().getPathItems().values().stream()
            .flatMap(path -> path.getOperations().values().stream())
            .toList();
    AnswerSchemas all = new AnswerSchemas(api.getComponents().getSchemas());
    Set<String> answered =
        all.reached(
            Stream.concat(
                operations.stream()
                    .flatMap(o -> o.getResponses().getAPIResponses().values().stream())
                    .flatMap(response -> schemas(response.getContent())),
                // of every refusal, by a reference that another filter adds
                Stream.of(createSchema().ref(PROBLEM))));
    answered.removeAll(
        all.reached(
            operations.stream()
                .map(Operation::getRequestBody)
                .filter(Objects::nonNull)
                .flatMap(body -> schemas(body.getContent()))));
    return answered;
  }

  private static Stream<Schema> schemas(@Nullable Content content) {
    return content == null
        ? Stream.empty()
        : content.getMediaTypes().values().stream()
            .map(type -> type.getSchema())
            .filter(Objects::nonNull);
  }

  private Set<String> reached(Stream<Schema> from) {
    Set<String> reached = new HashSet<>();
    Deque<Schema> left = new ArrayDeque<>(from.toList());
    while (!left.isEmpty()) {
      Schema schema = left.pop();
      String reference = schema.getRef();
      if (reference != null && reference.startsWith(SCHEMAS)) {
        String name = reference.substring(SCHEMAS.length());
        Schema named = schemas.get(name);
        if (reached.add(name) && named != null) {
          left.push(named);
        }
      }
      parts(schema).forEach(left::push);
    }
    return reached;
  }

  private static Stream<Schema> parts(Schema schema) {
    return Stream.of(
            all(schema.getAnyOf()),
            all(schema.getOneOf()),
            all(schema.getAllOf()),
            all(schema.getProperties() == null ? null : schema.getProperties().values()),
            Stream.ofNullable(schema.getItems()),
            Stream.ofNullable(schema.getAdditionalPropertiesSchema()))
        .flatMap(part -> part);
  }

  private static Stream<Schema> all(@Nullable Collection<Schema> schemas) {
    return schemas == null ? Stream.empty() : schemas.stream();
  }
}
