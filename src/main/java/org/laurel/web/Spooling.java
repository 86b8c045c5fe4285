package org.laurel.web;

import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import org.apache.commons.io.FileUtils;

/**
 * Takes a file that is sent whole before the endpoint begins, so that whoever sends slowly holds no
 * transaction.
 */
@Provider
@Priority(Priorities.USER + 1)
public class Spooling implements ContainerRequestFilter {
  private final ResourceInfo endpoint;
  private final RoutingContext exchange;

  @Inject
  Spooling(ResourceInfo endpoint, RoutingContext exchange) {
    this.endpoint = endpoint;
    this.exchange = exchange;
  }

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    if (!BodyLimit.isFile(endpoint) || request.getEntityStream() instanceof Body.Opened) {
      return;
    }
    Body body = Body.read(request.getEntityStream(), FileUtils.getTempDirectory().toPath());
    exchange.addEndHandler(end -> body.closeQuietly());
    request.setEntityStream(body.open());
  }
}
