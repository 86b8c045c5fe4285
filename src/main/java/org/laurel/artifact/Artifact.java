package org.laurel.artifact;

import java.nio.file.Path;

/**
 * A model directory in the store.
 *
 * @param hash 64 hex digits, see {@link ContentHash}
 * @param bytes the sum of its files' sizes
 * @param directory where it lies; its files never change
 */
public record Artifact(String hash, long bytes, Path directory) {}
