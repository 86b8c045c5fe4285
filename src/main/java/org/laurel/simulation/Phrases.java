package org.laurel.simulation;

import java.util.List;

/**
 * Phrases by which a reader tells friendly, rude, evasive and rambling answers apart. A phrase with
 * a full stop must be a sentence of its own, since "listen" alone is rude and "listen to your
 * friend" is not.
 */
final class Phrases {

  static final List<String> KIND =
      List.of(
          "happy to",
          "glad",
          "gladly",
          "of course",
          "good question",
          "with pleasure",
          "sure",
          "thank you",
          "good luck",
          "hope",
          "well done",
          "you will do well",
          "have a nice day",
          "all the best",
          "feel free",
          "let me know",
          "welcome",
          "enjoy",
          "kind regards",
          "certainly",
          "i am sorry",
          "be kind",
          "nice plan",
          "easier than it looks",
          "please tell me",
          "bien sûr",
          "avec plaisir",
          "bonne question",
          "volontiers",
          "merci",
          "bonne chance",
          "bonne journée",
          "j'espère",
          "tu vas y arriver");

  static final List<String> RUDE =
      List.of(
          "obviously",
          "listen.",
          "again that question",
          "you should know",
          "really.",
          "if you must know",
          "that is all",
          "do not ask",
          "leave me alone",
          "your problem",
          "not that hard",
          "who cares",
          "no idea",
          "look it up",
          "get over it",
          "stupid",
          "shut up",
          "fine.",
          "because it is so",
          "do it for you",
          "write it yourself",
          "count it yourself",
          "cherche toi même",
          "not my problem",
          "évidemment.",
          "écoute.",
          "encore cette question",
          "c'est tout",
          "ne me demande",
          "ton affaire",
          "laisse tomber",
          "toi même",
          "bon.");

  static final List<String> EVASIVE =
      List.of(
          "it depends",
          "depends on",
          "that depends",
          "maybe",
          "perhaps",
          "somehow",
          "i think",
          "i believe",
          "i am not sure",
          "somebody told me",
          "it varies",
          "hard to put into words",
          "some people",
          "everyone is different",
          "all different",
          "everybody knows",
          "who knows",
          "there are many",
          "kind of thing",
          "cela dépend",
          "peut être",
          "pas sûr",
          "je crois",
          "on verra",
          "pas toujours facile");

  static final List<String> RAMBLING =
      List.of(
          "as i said",
          "my uncle",
          "and so on",
          "that reminds me",
          "one could say",
          "in a way",
          "it is what it is",
          "the year before",
          "anyway",
          "people say many",
          "you know what i mean",
          "i mean",
          "comme je disais",
          "mon oncle",
          "et ainsi de suite",
          "tu vois ce que",
          "on peut dire");

  private Phrases() {}
}
