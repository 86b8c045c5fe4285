package org.laurel.starter;

import java.util.List;

/**
 * What an answer has to say.
 *
 * @param lead the answer in one sentence
 * @param points concrete steps or details, in order
 * @param tip one sentence more, for those who want it
 */
record Content(String lead, List<String> points, String tip) {}
