/** Models leave: an archive in Hugging Face's layout with a model card made from the lineage. */
@NullMarked
package org.laurel.modelexport;

import org.jspecify.annotations.NullMarked;
