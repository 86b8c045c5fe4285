package org.laurel.overview;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** The words of an annotator's first page; the texts stand in ui/messages. */
@MessageBundle(value = "home", locale = "en")
public interface HomeMessages {
  @Message
  String title();

  @Message
  String lede();

  @Message
  String waiting(String count);

  @Message
  String mine(long count);

  @Message
  String today(long count);

  @Message
  String start();

  @Message
  String carryOn();

  @Message
  String review();

  @Message
  String write();

  @Message
  String allDone();

  @Message
  String noProjects();

  @Message
  String noProjectsHint();
}
