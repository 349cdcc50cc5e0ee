// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.error;

/**
 * What went wrong, as far as a caller can act on it. Each door maps a kind once: REST to an HTTP
 * status, the shell to an exit code.
 */
public enum ErrorKind {
  /** The named object does not exist. HTTP 404. */
  NOT_FOUND,
  /** The request cannot be right whatever the state of the engine is. HTTP 400. */
  INVALID,
  /**
   * The request contradicts the present state: a name in use, a container that does not run. HTTP
   * 409.
   */
  CONFLICT,
  /** The object is in the wanted state already. HTTP 304. */
  NOT_MODIFIED,
  /** The caller is not known. HTTP 401. */
  UNAUTHENTICATED,
  /** The caller is known and may not do this. HTTP 403. */
  DENIED,
  /** A driver or a service is away for now; the same request may succeed later. HTTP 503. */
  UNAVAILABLE,
  /** Not built, or not supported by this driver. HTTP 501. */
  UNSUPPORTED,
  /** A limit is reached: disk, descriptors, addresses. HTTP 500, as dockerd answers it. */
  EXHAUSTED,
  /** A call ran past its deadline. HTTP 504. */
  DEADLINE,
  /** Stored data does not match its digest or its format. HTTP 500. */
  DATA_LOSS,
  /** A fault of the engine or of the kernel under it. HTTP 500. */
  INTERNAL
}
