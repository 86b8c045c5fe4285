package org.laurel.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;

/** Refuses media types that are none before anything else reads them. */
@Provider
@PreMatching
public class ReadableHeaders implements ContainerRequestFilter {
  @Override
  public void filter(ContainerRequestContext request) {
    try {
      request.getMediaType();
    } catch (IllegalArgumentException e) {
      throw new Problem(415, "Unsupported media type", "the Content-Type is no media type");
    }
    try {
      request.getAcceptableMediaTypes();
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("the Accept header is no list of media types");
    }
  }
}
