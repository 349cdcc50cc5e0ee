// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

/** What is done for a request. Throws before it answers, or answers. */
@FunctionalInterface
public interface Operation {
  void handle(Exchange exchange) throws Exception;
}
