package org.laurel.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a chat template writes around what is said, found by rendering a plain conversation.
 *
 * @param tokens that nobody may spell: the tokenizer's special ones, and those which the template
 *     writes although the tokenizer does not call them special, as DeepSeek's marks of turns are
 * @param opening the end of a prompt, from its last such token on: what an answer stands behind
 * @param blank whitespace that the template puts between the opening and an answer
 */
record TurnMarks(Set<String> tokens, String opening, String blank) {
  private static final Message RULE = new Message("system", "Be kind.");
  private static final Message QUESTION = new Message("user", "Why?");
  private static final Message ANSWER = new Message("assistant", "Because.");

  static TurnMarks of(Tokenizer tokenizer, ChatTemplate template) {
    List<String> rendered = new ArrayList<>();
    rendered.add(text(template, true, QUESTION, ANSWER, QUESTION));
    rendered.add(text(template, true, RULE, QUESTION));
    Set<String> tokens = new LinkedHashSet<>(tokenizer.specialTokens().keySet());
    for (String token : tokenizer.addedTokens()) {
      if (!token.isBlank() && rendered.stream().anyMatch(text -> text.contains(token))) {
        tokens.add(token);
      }
    }
    tokens.remove("");
    String prompt = text(template, true, QUESTION);
    String answered = text(template, false, QUESTION, ANSWER);
    int said = answered.lastIndexOf(ANSWER.content());
    if (!prompt.contains(QUESTION.content())
        || !answered.startsWith(prompt)
        || said < prompt.length()
        || !answered.substring(prompt.length(), said).isBlank()) {
      return new TurnMarks(tokens, "", "");
    }
    int from = prompt.lastIndexOf(QUESTION.content()) + QUESTION.content().length();
    for (String token : tokens) {
      from = Math.max(from, prompt.lastIndexOf(token));
    }
    return new TurnMarks(tokens, prompt.substring(from), answered.substring(prompt.length(), said));
  }

  /** The rendering, empty where the template refuses such a conversation. */
  private static String text(ChatTemplate template, boolean ready, Message... messages) {
    try {
      return template.render(List.of(messages), ready);
    } catch (ChatTemplate.Refusal refused) {
      return "";
    }
  }
}
