package org.laurel.tokenizer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** One turn of a conversation; {@code role} is system, user or assistant. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Message(String role, String content) {}
