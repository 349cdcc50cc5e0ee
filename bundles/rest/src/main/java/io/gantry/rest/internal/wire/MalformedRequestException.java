// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

/**
 * A request that cannot be read: bad JSON, a number that is none, a type that does not fit. dockerd
 * answers most of these with 500 up to API 1.41, where it took no care of their kind, and with 400
 * in later versions and wherever it did take care.
 */
public final class MalformedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean alwaysBadRequest;

  /** One that old API versions answer with 500. */
  public MalformedRequestException(String message) {
    this(message, false);
  }

  private MalformedRequestException(String message, boolean alwaysBadRequest) {
    super(message, null, false, false);
    this.alwaysBadRequest = alwaysBadRequest;
  }

  /** One that every API version answers with 400. */
  public static MalformedRequestException badRequest(String message) {
    return new MalformedRequestException(message, true);
  }

  public boolean alwaysBadRequest() {
    return alwaysBadRequest;
  }
}
