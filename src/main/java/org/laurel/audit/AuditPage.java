package org.laurel.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.project.Project;
import org.laurel.web.Page;

/** Who did what, for administrators to read. */
@Path("/audit")
@RolesAllowed(Role.ADMINISTRATOR)
@Produces(MediaType.TEXT_HTML)
@Blocking
public class AuditPage {
  private static final int SHOWN = 50;

  /** The templates of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance show(
        Page<Line> entries,
        Sought sought,
        boolean later,
        List<Account> people,
        List<String> actions,
        List<Project> projects);
  }

  /** An entry and what is folded away with it. */
  public record Line(AuditEntry entry, List<Fact> facts) {
    static Line of(AuditEntry entry) {
      List<Fact> facts = new ArrayList<>();
      entry
          .detail()
          .properties()
          .forEach(field -> facts.add(Fact.of(field.getKey(), field.getValue())));
      return new Line(entry, facts);
    }
  }

  /** A field of the detail. */
  public record Fact(String name, String value) {
    static Fact of(String name, JsonNode value) {
      return new Fact(name, value.isValueNode() ? value.asText() : value.toString());
    }
  }

  private final AuditLog log;

  @Inject
  AuditPage(AuditLog log) {
    this.log = log;
  }

  /**
   * @param after the last entry of the page before
   */
  @GET
  @Transactional
  public TemplateInstance show(
      @BeanParam Sought sought, @QueryParam("after") @Nullable Long after) {
    List<AuditEntry> found = log.find(sought, after, SHOWN + 1);
    Page<AuditEntry> page = Page.of(found, SHOWN, entry -> Long.toString(entry.id()));
    return Templates.show(
        page.map(Line::of),
        sought,
        after != null,
        Account.people(),
        log.actions(),
        Project.<Project>list("order by name"));
  }
}
