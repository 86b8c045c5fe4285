package org.laurel.web;

import static org.eclipse.microprofile.openapi.OASFactory.createAPIResponse;
import static org.eclipse.microprofile.openapi.OASFactory.createContent;
import static org.eclipse.microprofile.openapi.OASFactory.createMediaType;
import static org.eclipse.microprofile.openapi.OASFactory.createParameter;
import static org.eclipse.microprofile.openapi.OASFactory.createSchema;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.Paths;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/**
 * What the OpenAPI document says of every operation alike, from what {@link ProblemAnswers} and
 * {@link Idempotency} do for every endpoint alike. People's pages are no part of it.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDocument implements OASFilter {
  private static final String PROBLEM = "ProblemDocument";
  private static final List<String> PAGES_OWN = List.of("Page", "PageRequest");
  private static final String OTHERWISE = "default";
  private static final Map<String, String> REFUSALS =
      Map.of(
          "400",
          "The request cannot be read",
          "401",
          "No token, or one that is unknown, expired or revoked",
          "403",
          "The account's role does not allow it",
          "404",
          "There is no such thing, or not for this account",
          "409",
          "What is there does not allow it now",
          "413",
          "The body is too large",
          "415",
          "The body's media type is not taken here",
          "422",
          "The request was understood, and what it says is wrong",
          OTHERWISE,
          "Any other refusal or failure");

  @Override
  public void filterOpenAPI(OpenAPI api) {
    Paths paths = api.getPaths();
    for (String path : List.copyOf(paths.getPathItems().keySet())) {
      if (Audience.isApi(path)) {
        paths
            .getPathItem(path)
            .getOperations()
            .forEach((method, operation) -> complete(operation, method, path));
      } else {
        paths.removePathItem(path);
      }
    }
    Components components = api.getComponents();
    PAGES_OWN.forEach(components::removeSchema);
    components.addParameter(Idempotency.HEADER, idempotencyKey());
    // sorted, so that every build's document is the same
    new TreeMap<>(REFUSALS)
        .forEach(
            (status, description) ->
                components.addResponse(
                    status,
                    createAPIResponse()
                        .description(description)
                        .content(
                            createContent()
                                .addMediaType(
                                    ProblemDocument.MEDIA_TYPE,
                                    createMediaType().schema(createSchema().ref(PROBLEM))))));
  }

  private static void complete(Operation operation, HttpMethod method, String path) {
    named(operation);
    if (method == HttpMethod.POST) {
      operation.addParameter(createParameter().ref(Idempotency.HEADER));
    }
    for (String status : refusals(operation, method, path)) {
      operation.getResponses().addAPIResponse(status, createAPIResponse().ref(status));
    }
  }

  /** From {@code org.laurel.round.Rounds_cancel}: the tag {@code round}, the id that follows it. */
  private static void named(Operation operation) {
    String[] method = operation.getOperationId().split("\\.");
    operation.addTag(method[method.length - 2]);
    operation.setOperationId(method[method.length - 1]);
  }

  private static Set<String> refusals(Operation operation, HttpMethod method, String path) {
    Set<String> refusals = new TreeSet<>(Set.of(OTHERWISE, "401", "403"));
    boolean post = method == HttpMethod.POST;
    boolean body = operation.getRequestBody() != null;
    if (path.contains("{")) {
      refusals.add("404");
    }
    if (body) {
      refusals.addAll(Set.of("413", "415"));
    }
    if (body || post) {
      refusals.add("409");
    }
    if (body || post || takesMoreThanItsPath(operation)) {
      refusals.addAll(Set.of("400", "422"));
    }
    return refusals;
  }

  private static boolean takesMoreThanItsPath(Operation operation) {
    return operation.getParameters() != null
        && operation.getParameters().stream().anyMatch(p -> p.getIn() != Parameter.In.PATH);
  }

  private static Parameter idempotencyKey() {
    return createParameter()
        .name(Idempotency.HEADER)
        .in(Parameter.In.HEADER)
        .description(
            "Makes the request safe to repeat: sent again with the same key and body it gets the"
                + " first answer again, with Idempotency-Replayed: true, and nothing is done twice")
        .schema(createSchema().addType(SchemaType.STRING).minLength(1).maxLength(255));
  }
}
