package org.laurel.task;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/**
 * The words of the annotator's page; the texts stand in ui/messages. %0 and %1 are filled in by the
 * page's script.
 */
@MessageBundle(value = "task", locale = "en")
public interface TaskMessages {
  @Message
  String title();

  @Message
  String heading(String project);

  @Message
  String today();

  @Message
  String left();

  @Message
  String progress();

  @Message
  String saved();

  @Message
  String signIn();

  @Message
  String plain();

  @Message
  String plainHint();

  @Message
  String previous();

  @Message
  String work();

  @Message
  String keys();

  @Message
  String revising();

  @Message
  String leaveRevision();

  @Message
  String returned();

  @Message
  String returnedHint();

  @Message
  String returnedMeanwhile();

  @Message
  String sendAgain();

  @Message
  String queueReturned();

  @Message
  String guidelines();

  @Message
  String version(int number);

  @Message
  String prompt();

  @Message
  String answers();

  @Message
  String yourOrder();

  @Message
  String notPlaced();

  @Message
  String strength();

  @Message
  String strength1();

  @Message
  String strength2();

  @Message
  String strength3();

  @Message
  String strength4();

  @Message
  String rationale();

  @Message
  String optional();

  @Message
  String submit();

  @Message
  String none();

  @Message
  String undo();

  @Message
  String skip();

  @Message
  String emptyTitle();

  @Message
  String emptyText();

  @Message
  String emptyAgain();

  @Message
  String drag();

  @Message
  String showAll();

  @Message
  String poor();

  @Message
  String great();

  @Message
  String copy();

  @Message
  String flag();

  @Message
  String tied();

  @Message
  String cardTied();

  @Message
  String cardPlaced();

  @Message
  String cardUnplaced();

  @Message
  String showLess();

  @Message
  String copied();

  @Message
  String placeOf();

  @Message
  String placeAt();

  @Message
  String qualityOf();

  @Message
  String flagsOf();

  @Message
  String emptyAnswer();

  @Message
  String ordinalOne();

  @Message
  String ordinalTwo();

  @Message
  String ordinalFew();

  @Message
  String ordinalOther();

  @Message
  String taskShown();

  @Message
  String roleUser();

  @Message
  String roleAssistant();

  @Message
  String roleSystem();

  @Message
  String saveChanges();

  @Message
  String noneShort();

  @Message
  String hintNone();

  @Message
  String hintStart();

  @Message
  String hintTouch();

  @Message
  String hintLeft();

  @Message
  String hintRationale();

  @Message
  String hintUnchanged();

  @Message
  String hintReady();

  @Message
  String announcePlace();

  @Message
  String announceUnplaced();

  @Message
  String announceLeft();

  @Message
  String announceAll();

  @Message
  String announceMark();

  @Message
  String announceRankable();

  @Message
  String announceSent();

  @Message
  String announceSkipped();

  @Message
  String undone();

  @Message
  String takenMeanwhile();

  @Message
  String notFree();

  @Message
  String draftRefused();

  @Message
  String submittedElsewhere();

  @Message
  String lost();

  @Message
  String lostHint();

  @Message
  String copyReasons();

  @Message
  String copiedReasons();

  @Message
  String nextTask();

  @Message
  String conflict();

  @Message
  String rival();

  @Message
  String rivalHint();

  @Message
  String rivalSwap();

  @Message
  String rivalKeep();

  @Message
  String shutOut();

  @Message
  String refused();

  @Message
  String noReason();

  @Message
  String noPrevious();

  @Message
  String unreachable();

  @Message
  String noConnection();

  @Message
  String signedOut();

  @Message
  String waiting();

  @Message
  String waitingHere();

  @Message
  String offline();

  @Message
  String keptHere();

  @Message
  String saving();

  @Message
  String sending();

  @Message
  String savedAt();

  @Message
  String flagOffTask();

  @Message
  String flagUntrue();

  @Message
  String flagHarmful();

  @Message
  String flagRude();

  @Message
  String flagUnfinished();

  @Message
  String flagLanguage();

  @Message
  String close();

  @Message
  String keysIntro();

  @Message
  String keyPlace();

  @Message
  String keyStep();

  @Message
  String keyMove();

  @Message
  String keyTie();

  @Message
  String keyUnplace();

  @Message
  String keyRate();

  @Message
  String keyFlag();

  @Message
  String keyStrength();

  @Message
  String keyRationale();

  @Message
  String keyUnfold();

  @Message
  String keyCopy();

  @Message
  String singleKeys();

  @Message
  String keySave();

  @Message
  String skipTitle();

  @Message
  String skipText();

  @Message
  String skipNoExpertise();

  @Message
  String skipUnclear();

  @Message
  String skipDisturbing();

  @Message
  String skipOther();

  @Message
  String skipWords();

  @Message
  String cancel();

  @Message
  String queueSubmitted();

  @Message
  String queueDraft();

  @Message
  String queueSkipped();

  @Message
  String queuePending();

  @Message
  String queueNone();

  @Message
  String remindedTitle();

  @Message
  String remindedText();

  @Message
  String pausedTitle();

  @Message
  String pausedText();

  @Message
  String pausedKept();

  @Message
  String more();
}
