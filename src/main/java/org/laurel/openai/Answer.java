package org.laurel.openai;

import org.laurel.serving.Generation;

/**
 * One finished answer.
 *
 * @param finishReason {@code stop} or {@code length}, as OpenAI calls them
 */
record Answer(String text, String finishReason, Generation generation) {}
