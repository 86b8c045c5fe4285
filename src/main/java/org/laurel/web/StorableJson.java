package org.laurel.web;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.JsonNodeDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;

/**
 * Reads no text, and no tree with one, that cannot be stored: {@link StorableText}. Nor does it
 * make one thing of another: 7.9 is no whole number, 5 no text, and after a document nothing
 * follows.
 */
@Singleton
public class StorableJson implements ObjectMapperCustomizer {

  private static final List<CoercionInputShape> NO_TEXTS =
      List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean);

  @Override
  public void customize(ObjectMapper json) {
    SimpleModule module = new SimpleModule("storable");
    module.setDeserializers(new Trees());
    module.addDeserializer(String.class, new Text());
    module.addKeyDeserializer(String.class, new Key());
    json.registerModule(module);
    json.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    json.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    for (CoercionInputShape shape : NO_TEXTS) {
      json.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
    }
    for (LogicalType type : List.of(LogicalType.Integer, LogicalType.Float, LogicalType.Boolean)) {
      json.coercionConfigFor(type)
          .setCoercion(CoercionInputShape.String, CoercionAction.Fail)
          .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
    }
  }

  private static final class Text extends StringDeserializer {
    private static final long serialVersionUID = 1L;

    @Override
    public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
      String text = super.deserialize(json, context);
      StorableText.check(text);
      return text;
    }
  }

  private static final class Key extends KeyDeserializer {
    @Override
    public String deserializeKey(String key, DeserializationContext context) {
      StorableText.check(key);
      return key;
    }
  }

  private static final class Trees extends SimpleDeserializers {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> findTreeNodeDeserializer(
        Class<? extends JsonNode> type, DeserializationConfig config, BeanDescription bean) {
      return new Tree(JsonNodeDeserializer.getDeserializer(type));
    }
  }

  private static final class Tree extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    Tree(JsonDeserializer<?> plain) {
      super(plain);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> plain) {
      return new Tree(plain);
    }

    @Override
    public Object deserialize(JsonParser json, DeserializationContext context) throws IOException {
      Object tree = super.deserialize(json, context);
      check((JsonNode) tree);
      return tree;
    }

    private static void check(JsonNode tree) {
      if (tree.isTextual()) {
        StorableText.check(tree.textValue());
      }
      tree.fieldNames().forEachRemaining(StorableText::check);
      tree.forEach(Tree::check);
    }
  }
}
