package org.laurel.imports;

import java.util.List;
import org.laurel.web.ProblemDocument;

/**
 * What became of a file's lines, or of the elements of its array.
 *
 * @param imported new rows, or tasks opened; a thumb that turns an earlier one round included
 * @param duplicates rows that the project had already, or that stood in the file before
 * @param rejected lines or elements with a fault
 * @param errors the first hundred faults, in the order of the lines
 */
public record ImportReport(
    long imported, long duplicates, long rejected, List<ProblemDocument.Fault> errors) {}
