package org.laurel.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A running server, and who asks it. */
final class ServerOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--url",
      defaultValue = "http://localhost:8080",
      description = "The server (${DEFAULT-VALUE}).")
  private URI url;

  @Option(
      names = "--token",
      defaultValue = "${env:LAUREL_ADMIN_TOKEN}",
      description = "An API token, mostly an administrator's (LAUREL_ADMIN_TOKEN).")
  private @Nullable String token;

  /**
   * @throws ParameterException if it is no address of a server
   */
  URI url() {
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new ParameterException(
          command.commandLine(), "--url must begin with http:// or https://, not '" + url + "'");
    }
    return url;
  }

  /**
   * @throws ParameterException if there is none
   */
  String token() {
    if (token == null || token.isBlank()) {
      throw new ParameterException(
          command.commandLine(), "an API token is needed: --token or LAUREL_ADMIN_TOKEN");
    }
    return token;
  }

  /** A request that says who asks. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url().resolve(path)).header("Authorization", "Bearer " + token());
  }

  /**
   * @throws IOException if the server does not answer
   */
  <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    try {
      return HttpClient.newHttpClient().send(request, body);
    } catch (ConnectException e) {
      throw new IOException("no server answers at " + url, e);
    }
  }
}
