package org.laurel.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.assertj.core.api.Assertions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers that nobody sends who means well are no errors of the server. */
@QuarkusTest
class HeadersTest {

  @ParameterizedTest
  @CsvSource({
    "GET, /sign-in, Accept, a/, 400",
    "GET, /sign-in, Accept, /, 400",
    "GET, /sign-in, Accept-Language, en;q=x, 400",
    "GET, /sign-in, Accept-Language, ',;', 400",
    "POST, /sign-in, Content-Type, garbage, 415",
    "POST, /sign-in, Content-Type, a/b/c, 415",
    "POST, /api/projects, Content-Type, ;, 415"
  })
  void aMalformedOneIsSaidToBe(String method, String path, String name, String value, int status)
      throws Exception {
    int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    URI address = URI.create("http://localhost:" + (port == 0 ? RestAssured.port : port) + path);
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .method(
                method,
                method.equals("GET")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString("{}"))
            .header(name, value)
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    Assertions.assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }

  @Test
  void scriptsAndStylesAreAskedForAgainAndSentOnce() {
    String tag =
        given()
            .get("/js/laurel.js")
            .then()
            .statusCode(200)
            .header("Cache-Control", "no-cache")
            .header("ETag", not(nullValue()))
            .extract()
            .header("ETag");
    given()
        .header("If-None-Match", tag)
        .get("/js/laurel.js")
        .then()
        .statusCode(304)
        .header("ETag", equalTo(tag));
    given().header("If-None-Match", "\"of before\"").get("/css/base.css").then().statusCode(200);
  }
}
