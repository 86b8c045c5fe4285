package org.laurel.web;

import java.util.Map;
import java.util.Set;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Node;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Position;
import org.commonmark.parser.beta.Scanner;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;

/**
 * LaTeX between {@code \(} and {@code \)}, {@code \[} and {@code \]}, or dollar signs, shown sign
 * by sign: to Markdown its backslashes would be escapes and its underscores emphasis. A single
 * dollar sign begins a formula before a sign and ends one after a sign and not before a digit
 * (Pandoc's rule), and the next one ends it or it is none, so that prices are none.
 */
final class Formula extends CustomNode {
  private final String source;

  private Formula(String source) {
    this.source = source;
  }

  /** Finds them. */
  static final class Factory implements InlineContentParserFactory {
    @Override
    public Set<Character> getTriggerCharacters() {
      return Set.of('\\', '$');
    }

    @Override
    public InlineContentParser create() {
      return Formula::parse;
    }
  }

  /** Writes them. */
  record Renderer(HtmlNodeRendererContext context) implements NodeRenderer {
    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(Formula.class);
    }

    @Override
    public void render(Node node) {
      context.getWriter().tag("span", Map.of("class", "formula"));
      context.getWriter().text(((Formula) node).source);
      context.getWriter().tag("/span");
    }
  }

  private static ParsedInline parse(InlineParserState state) {
    Scanner scanner = state.scanner();
    Position start = scanner.position();
    boolean whole = scanner.next('$') ? afterDollar(scanner) : afterBackslash(scanner);
    if (!whole) {
      return ParsedInline.none();
    }
    String source = scanner.getSource(start, scanner.position()).getContent();
    return ParsedInline.of(new Formula(source), scanner.position());
  }

  private static boolean afterBackslash(Scanner scanner) {
    scanner.next();
    char closing = scanner.peek() == '(' ? ')' : ']';
    if (!scanner.next('(') && !scanner.next('[')) {
      return false;
    }
    while (scanner.hasNext()) {
      boolean backslash = scanner.next('\\');
      if (backslash && scanner.next(closing)) {
        return true;
      }
      scanner.next();
    }
    return false;
  }

  private static boolean afterDollar(Scanner scanner) {
    boolean display = scanner.next('$');
    char before = ' ';
    for (boolean first = true; scanner.hasNext(); first = false) {
      char sign = scanner.peek();
      if (!display && first && (Character.isWhitespace(sign) || sign == '$')) {
        return false;
      }
      scanner.next();
      if (sign == '\\') {
        scanner.next();
      } else if (sign == '$') {
        boolean ends = ends(scanner, display, before);
        if (ends || !display) {
          return ends;
        }
      }
      before = sign;
    }
    return false;
  }

  private static boolean ends(Scanner scanner, boolean display, char before) {
    return display
        ? scanner.next('$')
        : !Character.isWhitespace(before) && !Character.isDigit(scanner.peek());
  }
}
