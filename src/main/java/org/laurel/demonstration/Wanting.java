package org.laurel.demonstration;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.UUID;
import javax.sql.DataSource;
import org.laurel.database.Query;

/** Which projects want demonstrations, as the frame of their pages asks. */
@Named("wanting")
@ApplicationScoped
public class Wanting {
  private final DataSource database;

  @Inject
  Wanting(DataSource database) {
    this.database = database;
  }

  /** Whether annotators write in the project. */
  public boolean demonstrations(UUID project) {
    return Query.of(
            "select 1 from project where id = ?"
                + " and (settings ->> 'demonstrationsPerPrompt')::integer > 0",
            project)
        .rows(database, row -> row.getInt(1))
        .contains(1);
  }
}
