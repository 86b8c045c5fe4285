/** What all pages and endpoints share; it knows no feature. */
@NullMarked
package org.laurel.web;

import org.jspecify.annotations.NullMarked;
