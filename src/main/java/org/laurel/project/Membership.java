package org.laurel.project;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.laurel.account.Account;
import org.laurel.account.Role;

/** That an account whose work is limited to some projects may work in this one. */
@Entity
@Table(name = "project_member")
@IdClass(Membership.Key.class)
public class Membership extends PanacheEntityBase {
  @Id public UUID projectId;
  @Id public UUID accountId;
  @Column public Instant admittedAt;

  /** The primary key. */
  public record Key(UUID projectId, UUID accountId) implements Serializable {}

  static boolean exists(UUID project, UUID account) {
    return findById(new Key(project, account)) != null;
  }

  /** Accounts that could be let in, by address. */
  static List<Account> others(UUID project, int limit) {
    return Account.<Account>find(
            "disabledAt is null and allProjects = false and role <> ?1 and id not in"
                + " (select m.accountId from Membership m where m.projectId = ?2) order by email",
            Role.ADMINISTRATOR,
            project)
        .page(0, limit)
        .list();
  }

  /** False if it was there already. */
  static boolean add(UUID project, UUID account) {
    return getEntityManager()
            .createNativeQuery(
                "insert into project_member (project_id, account_id) values (:project, :account)"
                    + " on conflict do nothing")
            .setParameter("project", project)
            .setParameter("account", account)
            .executeUpdate()
        == 1;
  }

  /** False if there was none. */
  static boolean remove(UUID project, UUID account) {
    return delete("projectId = ?1 and accountId = ?2", project, account) == 1;
  }
}
