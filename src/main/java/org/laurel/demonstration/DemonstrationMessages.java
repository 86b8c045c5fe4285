package org.laurel.demonstration;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/**
 * The words of the page on which annotators write, beside those that it shares with the one on
 * which they rank; the texts stand in ui/messages. %0 is filled in by the page's script.
 */
@MessageBundle(value = "demonstration", locale = "en")
public interface DemonstrationMessages {
  @Message
  String title();

  @Message
  String heading(String project);

  @Message
  String lede();

  @Message
  String left();

  @Message
  String yours();

  @Message
  String placeholder();

  @Message
  String preview();

  @Message
  String showPreview();

  @Message
  String showText();

  @Message
  String previewEmpty();

  @Message
  String previewWaits();

  @Message
  String words();

  @Message
  String wordOne();

  @Message
  String wordMany();

  @Message
  String submit();

  @Message
  String saveChanges();

  @Message
  String flagTitle();

  @Message
  String flagHint();

  @Message
  String flagUnclear();

  @Message
  String flagFalsePremise();

  @Message
  String flagHarmful();

  @Message
  String flagPrivate();

  @Message
  String flagLanguage();

  @Message
  String revising();

  @Message
  String leaveRevision();

  @Message
  String lost();

  @Message
  String lostHint();

  @Message
  String copyText();

  @Message
  String nextPrompt();

  @Message
  String emptyTitle();

  @Message
  String emptyText();

  @Message
  String offTitle();

  @Message
  String offText();

  @Message
  String shown();

  @Message
  String hintStart();

  @Message
  String hintReady();

  @Message
  String hintEmpty();

  @Message
  String announceSent();

  @Message
  String announceSkipped();

  @Message
  String notFree();

  @Message
  String takenMeanwhile();

  @Message
  String submittedElsewhere();

  @Message
  String refused();

  @Message
  String noPrevious();

  @Message
  String copied();

  @Message
  String keysIntro();

  @Message
  String keyText();

  @Message
  String keyLeave();

  @Message
  String keyPreview();

  @Message
  String keyFlag();

  @Message
  String skipTitle();

  @Message
  String skipText();

  @Message
  String skipWork();

  @Message
  String queueSubmitted();

  @Message
  String queueSkipped();
}
