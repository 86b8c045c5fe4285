package org.laurel.web;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.JsonNodeDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Reads no text, and no tree with one, that has U+0000: {@link StorableText}. */
@Singleton
public class StorableJson implements ObjectMapperCustomizer {

  @Override
  public void customize(ObjectMapper json) {
    SimpleModule module = new SimpleModule("storable");
    module.setDeserializers(new Trees());
    module.addDeserializer(String.class, new Text());
    module.addKeyDeserializer(String.class, new Key());
    json.registerModule(module);
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
