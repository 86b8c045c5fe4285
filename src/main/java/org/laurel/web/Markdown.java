package org.laurel.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Markdown that people or models wrote, with GitHub's tables and strikethrough, as HTML that is
 * safe to put into a page: tags but {@code <br>} come out as text, links with other schemes than
 * http(s) and mailto lose their target, and pictures become links, so that looking at a completion
 * calls nobody up. {@link Formula Formulas} stay as they are, for {@code ui/web/js/formulas.js} to
 * draw.
 */
public final class Markdown {

  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), StrikethroughExtension.create());
  private static final Parser PARSER =
      Parser.builder()
          .extensions(EXTENSIONS)
          .customInlineContentParserFactory(new Formula.Factory())
          .build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .softbreak("<br>\n") // a line break that somebody typed is meant
          .attributeProviderFactory(
              context ->
                  (node, tag, attributes) -> {
                    if (tag.equals("a")) {
                      attributes.put("rel", "noopener noreferrer nofollow");
                      attributes.put("target", "_blank");
                    }
                  })
          .nodeRendererFactory(PictureAsLink::new)
          .nodeRendererFactory(LineBreak::new)
          .nodeRendererFactory(Formula.Renderer::new)
          .build();

  private Markdown() {}

  /** The text as a fragment of HTML. */
  public static String html(String text) {
    return RENDERER.render(PARSER.parse(text));
  }

  /** Breaks the line at a {@code <br>}, which is how models do it in a table's cell. */
  private record LineBreak(HtmlNodeRendererContext context) implements NodeRenderer {
    private static final Pattern BR = Pattern.compile("<br\\s*/?>", Pattern.CASE_INSENSITIVE);

    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(HtmlInline.class);
    }

    @Override
    public void render(Node node) {
      String tag = ((HtmlInline) node).getLiteral();
      if (BR.matcher(tag).matches()) {
        context.getWriter().tag("br", Map.of(), true);
      } else {
        context.getWriter().text(tag);
      }
    }
  }

  /** Shows a picture's description as a link to it. */
  private record PictureAsLink(HtmlNodeRendererContext context) implements NodeRenderer {

    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(Image.class);
    }

    @Override
    public void render(Node node) {
      Image image = (Image) node;
      String target = context.urlSanitizer().sanitizeLinkUrl(image.getDestination());
      context
          .getWriter()
          .tag(
              "a",
              Map.of("href", target, "rel", "noopener noreferrer nofollow", "target", "_blank"));
      List<Node> children = children(node);
      if (children.isEmpty()) {
        context.getWriter().text(image.getDestination());
      }
      children.forEach(context::render);
      context.getWriter().tag("/a");
    }

    private static List<Node> children(Node node) {
      List<Node> children = new ArrayList<>();
      for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
        children.add(child);
      }
      return children;
    }
  }
}
