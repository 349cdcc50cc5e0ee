// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.error;

import java.util.Objects;

/**
 * The one exception that crosses the engine's interfaces. The message says what happened, the
 * cause, and what to do about it; where users of the docker CLI know a message by heart, it is the
 * same.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;

  public EngineException(ErrorKind kind, String message) {
    this(kind, message, null);
  }

  public EngineException(ErrorKind kind, String message, Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  public ErrorKind kind() {
    return kind;
  }

  public static EngineException notFound(String message) {
    return new EngineException(ErrorKind.NOT_FOUND, message);
  }

  public static EngineException invalid(String message) {
    return new EngineException(ErrorKind.INVALID, message);
  }

  public static EngineException conflict(String message) {
    return new EngineException(ErrorKind.CONFLICT, message);
  }

  public static EngineException unsupported(String message) {
    return new EngineException(ErrorKind.UNSUPPORTED, message);
  }

  public static EngineException unavailable(String message) {
    return new EngineException(ErrorKind.UNAVAILABLE, message);
  }

  public static EngineException internal(String message, Throwable cause) {
    return new EngineException(ErrorKind.INTERNAL, message, cause);
  }
}
