package org.laurel.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which methods an address takes. The framework knows it and does not say. */
@ApplicationScoped
class Methods {
  private record Endpoint(Pattern path, String method) {}

  private final List<Endpoint> endpoints = new ArrayList<>();

  @Inject
  Methods(BeanManager beans) {
    beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
        .<Class<?>>map(bean -> bean.getBeanClass())
        .filter(type -> type.isAnnotationPresent(Path.class))
        .distinct()
        .forEach(this::add);
  }

  private void add(Class<?> type) {
    for (Method method : type.getDeclaredMethods()) {
      for (Annotation annotation : method.getAnnotations()) {
        HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
        if (verb != null) {
          String path =
              path(type.getAnnotation(Path.class)) + path(method.getAnnotation(Path.class));
          endpoints.add(new Endpoint(pattern(path), verb.value()));
        }
      }
    }
  }

  /** With a slash before it and none behind it. */
  private static String path(@Nullable Path path) {
    String steps = path == null ? "" : path.value().replaceAll("^/+|/+$", "");
    return steps.isEmpty() ? "" : "/" + steps;
  }

  /** Whatever stands between braces is one step of the address. */
  private static Pattern pattern(String path) {
    return Pattern.compile(
        Stream.of(path.split("\\{[^}]*}", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("[^/]+")));
  }

  /**
   * Sorted, with those that the framework answers itself.
   *
   * @param path of a request
   */
  Set<String> at(String path) {
    Set<String> methods = new TreeSet<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.path().matcher(path.replaceAll("/+$", "")).matches()) {
        methods.add(endpoint.method());
      }
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    if (!methods.isEmpty()) {
      methods.add("OPTIONS");
    }
    return methods;
  }
}
