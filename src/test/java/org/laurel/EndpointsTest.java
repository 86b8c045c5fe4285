package org.laurel;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.security.Authenticated;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointsTest {
  /** A forgotten annotation would be an open door. */
  @Test
  void everyEndpointSaysWhoMayCallIt() {
    List<JavaMethod> endpoints =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.laurel")
                .stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isMetaAnnotatedWith(HttpMethod.class))
                .toList();

    assertThat(endpoints).hasSizeGreaterThan(10);
    assertThat(endpoints)
        .filteredOn(endpoint -> !isGuarded(endpoint) && !isGuarded(endpoint.getOwner()))
        .extracting(JavaMethod::getFullName)
        .isEmpty();
  }

  private static boolean isGuarded(JavaMethod method) {
    return method.isAnnotatedWith(RolesAllowed.class)
        || method.isAnnotatedWith(Authenticated.class)
        || method.isAnnotatedWith(PermitAll.class);
  }

  private static boolean isGuarded(JavaClass type) {
    return type.isAnnotatedWith(RolesAllowed.class)
        || type.isAnnotatedWith(Authenticated.class)
        || type.isAnnotatedWith(PermitAll.class);
  }
}
