package org.laurel.review;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.laurel.account.Account;
import org.laurel.ranking.CheckFigures;
import org.laurel.ranking.CheckedRanking;
import org.laurel.ranking.CheckedRankings;
import org.laurel.task.AnnotationForm;
import org.laurel.task.Standing;

/** Who passed how many silent checks of a project, those who failed most of late first. */
@ApplicationScoped
class CheckedPeople {
  private final CheckedRankings rankings;

  CheckedPeople(CheckedRankings rankings) {
    this.rankings = rankings;
  }

  /**
   * @param form says after how many failed checks who is warned and paused
   */
  List<CheckedPerson> of(UUID project, AnnotationForm form) {
    Map<UUID, List<CheckedRanking>> all =
        rankings.of(project).stream().collect(Collectors.groupingBy(CheckedRanking::annotatorId));
    return accounts(all.keySet()).stream()
        .map(
            account -> {
              CheckFigures figures = CheckFigures.of(all.getOrDefault(account.id, List.of()));
              String name = account.name;
              return new CheckedPerson(
                  account.id,
                  name == null || name.isBlank() ? account.email : name,
                  account.simulated,
                  figures,
                  Standing.after(figures.failedSince(), form.checkWarn(), form.checkPause()));
            })
        .sorted(
            Comparator.comparingInt((CheckedPerson one) -> one.checks().failedSince())
                .reversed()
                .thenComparing(CheckedPerson::name))
        .toList();
  }

  private static List<Account> accounts(Collection<UUID> ids) {
    return Account.list("id in ?1", ids);
  }
}
