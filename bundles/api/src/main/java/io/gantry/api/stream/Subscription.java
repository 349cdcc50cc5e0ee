// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.stream;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A running delivery of output or events. Closing it stops the delivery; closing it again does
 * nothing.
 */
@ProviderType
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
