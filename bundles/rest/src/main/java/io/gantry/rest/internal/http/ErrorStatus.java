// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.rest.internal.wire.ApiVersion;
import io.gantry.rest.internal.wire.MalformedRequestException;

/** The one table from what went wrong to an HTTP status. */
public final class ErrorStatus {
  private ErrorStatus() {}

  public static int of(ErrorKind kind) {
    return switch (kind) {
      case NOT_FOUND -> 404;
      case INVALID -> 400;
      case CONFLICT -> 409;
      case NOT_MODIFIED -> 304;
      case UNAUTHENTICATED -> 401;
      case DENIED -> 403;
      case UNAVAILABLE -> 503;
      case UNSUPPORTED -> 501;
      case DEADLINE -> 504;
      case EXHAUSTED, DATA_LOSS, INTERNAL -> 500;
    };
  }

  public static int of(Throwable failure, ApiVersion version) {
    if (failure instanceof EngineException e) {
      return of(e.kind());
    }
    if (failure instanceof MalformedRequestException e) {
      return e.alwaysBadRequest() || version.sortsErrors() ? 400 : 500;
    }
    if (failure instanceof RequestTooLargeException) {
      return 413;
    }
    return 500;
  }

  /** What the client is told. */
  public static String message(Throwable failure) {
    boolean ours =
        failure instanceof EngineException
            || failure instanceof MalformedRequestException
            || failure instanceof RequestTooLargeException;
    return ours ? failure.getMessage() : "internal error: " + failure;
  }
}
