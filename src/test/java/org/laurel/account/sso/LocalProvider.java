package org.laurel.account.sso;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID provider on this machine at which somebody is signed in already, and which gives no
 * token to a client that does not prove itself, its redirect and its code verifier. Can be told to
 * misbehave.
 */
public final class LocalProvider implements AutoCloseable {
  static final String CLIENT = "laurel";
  static final String SECRET = "s3cret/of+the client";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final RSAKey KEY = key("first");
  private static final RSAKey NEXT_KEY = key("second");

  private final HttpServer server;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final Map<String, Object> person = new ConcurrentHashMap<>();
  private final Map<String, Object> lies = new ConcurrentHashMap<>();
  private final Semaphore free = new Semaphore(1);
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile RSAKey published = KEY;
  private volatile RSAKey signing = KEY;
  private volatile String algorithm = "RS256";
  private volatile String error = "";
  private volatile boolean isPublic;
  private volatile boolean brief;
  private volatile @Nullable String informedOf;

  LocalProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newCachedThreadPool(LocalProvider::daemon));
    server.createContext("/.well-known/openid-configuration", this::describe);
    server.createContext("/keys", exchange -> send(exchange, 200, keys()));
    server.createContext("/authorize", this::authorize);
    server.createContext("/token", this::token);
    server.createContext("/userinfo", this::inform);
    server.start();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  private static RSAKey key(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Who is signed in there; a null address is not told. */
  public LocalProvider person(String subject, @Nullable String email) {
    person.clear();
    person.put("sub", subject);
    if (email != null) {
      person.put("email", email);
      person.put("email_verified", true);
    }
    return this;
  }

  /** Told of the person besides, or not at all if null. */
  LocalProvider telling(String claim, @Nullable Object value) {
    if (value == null) {
      person.remove(claim);
    } else {
      person.put(claim, value);
    }
    return this;
  }

  /** Says so in ID tokens, in place of what is right. */
  LocalProvider lying(String claim, Object value) {
    lies.put(claim, value);
    return this;
  }

  /** Signs with a key that only its name makes look like the published one. */
  LocalProvider forging() {
    signing = new RSAKey.Builder(NEXT_KEY).keyID(KEY.getKeyID()).build();
    return this;
  }

  LocalProvider signingBy(String way) {
    algorithm = way;
    return this;
  }

  LocalProvider withNextKey() {
    published = NEXT_KEY;
    signing = NEXT_KEY;
    return this;
  }

  LocalProvider refusing(String with) {
    error = with;
    return this;
  }

  /** Knows the client by its name alone, and takes no secret. */
  LocalProvider withoutSecret() {
    isPublic = true;
    return this;
  }

  /** Tells of the person by its user info alone, there of {@code subject}. */
  LocalProvider brief(String subject) {
    brief = true;
    informedOf = subject;
    return this;
  }

  /** Answers nobody who asks what it is, until it goes on. */
  LocalProvider pausing() {
    free.drainPermits();
    return this;
  }

  void goOn() {
    free.release();
  }

  /** How often it was asked what it is. */
  int waiting() {
    return waiting.get();
  }

  /** What clients sent to prove themselves. */
  List<String> authorizations() {
    return authorizations;
  }

  private Map<String, Object> keys() {
    return new JWKSet(published.toPublicJWK()).toJSONObject();
  }

  private void describe(HttpExchange exchange) throws IOException {
    waiting.incrementAndGet();
    free.acquireUninterruptibly();
    free.release();
    send(
        exchange,
        200,
        Map.of(
            "issuer",
            issuer(),
            "authorization_endpoint",
            issuer() + "/authorize?realm=people",
            "token_endpoint",
            issuer() + "/token",
            "jwks_uri",
            issuer() + "/keys",
            "userinfo_endpoint",
            issuer() + "/userinfo",
            "response_types_supported",
            List.of("code"),
            "subject_types_supported",
            List.of("public"),
            "id_token_signing_alg_values_supported",
            List.of("RS256")));
  }

  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> asked = form(exchange.getRequestURI().getRawQuery());
    boolean right =
        "code".equals(asked.get("response_type"))
            && CLIENT.equals(asked.get("client_id"))
            && "S256".equals(asked.get("code_challenge_method"))
            && "people".equals(asked.get("realm"))
            && Arrays.asList(asked.getOrDefault("scope", "").split(" "))
                .containsAll(List.of("openid", "email", "profile"))
            && asked.getOrDefault("nonce", "").length() >= 32
            && asked.getOrDefault("state", "").length() >= 32;
    if (!right) {
      send(exchange, 400, Map.of("error", "invalid_request"));
      return;
    }
    String back = asked.get("redirect_uri") + "?state=" + asked.get("state");
    if (error.isEmpty()) {
      String code = UUID.randomUUID().toString();
      codes.put(code, asked);
      back += "&code=" + code;
    } else {
      String words = URLEncoder.encode("<b>" + error + " words</b>", StandardCharsets.UTF_8);
      back += "&error=" + error + "&error_description=" + words;
    }
    exchange.getResponseHeaders().set("Location", back);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> sent =
        form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    String proof = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    authorizations.add(proof);
    Map<String, String> asked = codes.remove(String.valueOf(sent.get("code")));
    if (!isProved(proof, sent)) {
      send(exchange, 401, Map.of("error", "invalid_client"));
    } else if (asked == null
        || !"authorization_code".equals(sent.get("grant_type"))
        || !asked.getOrDefault("redirect_uri", "").equals(sent.get("redirect_uri"))
        || !asked
            .getOrDefault("code_challenge", "")
            .equals(challenge(sent.getOrDefault("code_verifier", "")))) {
      send(exchange, 400, Map.of("error", "invalid_grant"));
    } else {
      send(
          exchange,
          200,
          Map.of(
              "access_token",
              "access-" + person.get("sub"),
              "token_type",
              "Bearer",
              "expires_in",
              60,
              "id_token",
              idToken(asked.getOrDefault("nonce", ""))));
    }
  }

  private boolean isProved(String proof, Map<String, String> sent) {
    if (isPublic) {
      return proof.equals("null") && CLIENT.equals(sent.get("client_id"));
    }
    String pair = CLIENT + ":" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
    String basic =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return MessageDigest.isEqual(basic.getBytes(StandardCharsets.UTF_8), bytes(proof));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void inform(HttpExchange exchange) throws IOException {
    String token = "Bearer access-" + person.get("sub");
    if (!token.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      send(exchange, 401, Map.of("error", "invalid_token"));
      return;
    }
    Map<String, Object> told = new HashMap<>(person);
    if (informedOf != null) {
      told.put("sub", informedOf);
    }
    send(exchange, 200, told);
  }

  private String idToken(String nonce) {
    Instant now = Instant.now();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .audience(CLIENT)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(60)))
            .claim("nonce", nonce);
    person.forEach(
        (name, value) -> {
          if (!brief || name.equals("sub")) {
            claims.claim(name, value);
          }
        });
    lies.forEach(claims::claim);
    try {
      return signed(claims.build());
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String signed(JWTClaimsSet claims) throws JOSEException {
    if (algorithm.equals("none")) {
      return new PlainJWT(claims).serialize();
    }
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(signing.getKeyID()).build(),
            claims);
    // the old trick: the public key, which everybody has, taken for a secret
    token.sign(
        algorithm.equals("HS256")
            ? new MACSigner(published.toRSAPublicKey().getEncoded())
            : new RSASSASigner(signing));
    return token.serialize();
  }

  private static String challenge(String verifier) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(DigestUtils.sha256(verifier));
  }

  private static Map<String, String> form(String text) {
    return Arrays.stream(text.split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private static void send(HttpExchange exchange, int status, Map<String, ?> body)
      throws IOException {
    try (exchange) {
      byte[] bytes = JSON.writeValueAsBytes(body);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
