package org.laurel.project;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;

/** That an account whose work is limited to some projects may work in this one. */
@Entity
@Table(name = "project_member")
@IdClass(Membership.Key.class)
public class Membership extends PanacheEntityBase {
  @Id public UUID projectId;
  @Id public UUID accountId;

  /** The primary key. */
  public record Key(UUID projectId, UUID accountId) implements Serializable {}

  static boolean exists(UUID project, UUID account) {
    return findById(new Key(project, account)) != null;
  }

  static void add(UUID project, UUID account) {
    if (!exists(project, account)) {
      Membership membership = new Membership();
      membership.projectId = project;
      membership.accountId = account;
      membership.persist();
    }
  }

  static void remove(UUID project, UUID account) {
    delete("projectId = ?1 and accountId = ?2", project, account);
  }
}
