// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

/** A JSON body beyond the limit. */
final class RequestTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RequestTooLargeException(long limit) {
    super("the request's body is larger than the limit of " + limit + " bytes", null, false, false);
  }
}
