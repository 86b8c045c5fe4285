package org.laurel.starter;

import java.util.List;

/**
 * A question with all that is needed to answer it well or badly.
 *
 * @param core the question without greeting or context; held-out questions are told by it
 * @param aim the verb phrase that an answer may repeat, empty if there is none
 * @param right what a correct answer says
 * @param wrong what a confident but wrong answer says
 */
record Question(
    String topic,
    String language,
    Topic.Style style,
    String core,
    String aim,
    Content right,
    Content wrong,
    List<String> vague,
    List<String> curt) {}
