package org.laurel.web;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** The words of the frame around every page; the texts stand in ui/messages. */
@MessageBundle(value = "web", locale = "en")
public interface WebMessages {
  @Message
  String skipToContent();

  @Message
  String mainNavigation();

  @Message
  String projectNavigation();

  @Message
  String navHome();

  @Message
  String navModels();

  @Message
  String navPlayground();

  @Message
  String navPeople();

  @Message
  String switchTheme();

  @Message
  String accountMenu();

  @Message
  String account();

  @Message
  String signOut();

  @Message
  String projectOverview();

  @Message
  String projectRank();

  @Message
  String projectRankings();

  @Message
  String projectWrite();

  @Message
  String projectDemonstrations();

  @Message
  String projectJudge();

  @Message
  String projectRounds();

  @Message
  String projectCompare();

  @Message
  String audit();

  @Message
  String projectPeople();

  @Message
  String projectExport();

  @Message
  String forbidden();

  @Message
  String forbiddenText();

  @Message
  String notFound();

  @Message
  String notFoundText();

  @Message
  String toHome();
}
