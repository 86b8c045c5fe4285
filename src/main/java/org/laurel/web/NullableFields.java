package org.laurel.web;

import static org.eclipse.microprofile.openapi.OASFactory.createSchema;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/**
 * Says in the OpenAPI document which fields may be null: the components of records that are marked
 * {@link Nullable}; and which are always there: all others of an answer. Generated clients of typed
 * languages refuse a null that nobody announced, and ask at every field that nobody promised. What
 * has to be in a request, its constraints say.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class NullableFields implements OASFilter {
  private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
  private static final DotName SCHEMA =
      DotName.createSimple(org.eclipse.microprofile.openapi.annotations.media.Schema.class);

  private static final DotName IGNORED = DotName.createSimple(JsonIgnore.class);

  private final List<ClassInfo> records;

  /**
   * @param index of the application's classes
   */
  public NullableFields(IndexView index) {
    records = index.getKnownClasses().stream().filter(ClassInfo::isRecord).toList();
  }

  @Override
  public void filterOpenAPI(OpenAPI api) {
    Set<String> answers = AnswerSchemas.of(api);
    api.getComponents()
        .getSchemas()
        .forEach(
            (name, schema) ->
                records.stream()
                    .filter(type -> isNamed(name, type) && isOf(schema, type))
                    .forEach(type -> mark(schema, type, answers.contains(name))));
  }

  /** A schema is named as its record is called or annotated; what fills a generic one follows. */
  private static boolean isNamed(String schema, ClassInfo type) {
    AnnotationInstance own = type.declaredAnnotation(SCHEMA);
    String name =
        own == null || own.value("name") == null ? type.simpleName() : own.value("name").asString();
    return type.typeParameters().isEmpty() ? schema.equals(name) : schema.startsWith(name);
  }

  /** Records that are no part of the API may be called the same. */
  private static boolean isOf(Schema schema, ClassInfo type) {
    return schema.getProperties() != null
        && names(shown(type))
            .equals(
                schema.getProperties().keySet().stream()
                    .map(NullableFields::plain)
                    .collect(Collectors.toSet()));
  }

  private static List<RecordComponentInfo> shown(ClassInfo type) {
    return type.recordComponents().stream()
        .filter(component -> !type.field(component.name()).hasAnnotation(IGNORED))
        .toList();
  }

  private static void mark(Schema schema, ClassInfo type, boolean answer) {
    Set<String> nullable =
        names(
            type.recordComponents().stream()
                .filter(component -> component.type().hasAnnotation(NULLABLE))
                .toList());
    Map.copyOf(schema.getProperties())
        .forEach(
            (name, property) -> {
              if (nullable.contains(plain(name))) {
                schema.addProperty(name, orNull(property));
              } else if (answer && !isRequired(schema, name)) {
                schema.addRequired(name);
              }
            });
  }

  private static Set<String> names(List<RecordComponentInfo> components) {
    return components.stream()
        .map(component -> plain(component.name()))
        .collect(Collectors.toSet());
  }

  /** The same for finishReason and finish_reason. */
  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  private static boolean isRequired(Schema schema, String name) {
    return schema.getRequired() != null && schema.getRequired().contains(name);
  }

  private static Schema orNull(Schema property) {
    if (property.getRef() != null) {
      return createSchema().anyOf(List.of(property, createSchema().addType(SchemaType.NULL)));
    }
    if (property.getType() != null && !property.getType().contains(SchemaType.NULL)) {
      property.addType(SchemaType.NULL);
    }
    return property;
  }
}
