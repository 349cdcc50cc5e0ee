// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import io.gantry.core.driver.DriverKind;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Which bundle a driver comes from, and where it stands among others of its name. */
record DriverOrigin(
    String name, String bundle, String version, long bundleId, int ranking, long serviceId) {
  static DriverOrigin of(ServiceReference<?> reference) {
    Bundle bundle = reference.getBundle();
    Object name = reference.getProperty(DriverKind.NAME_PROPERTY);
    Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
    return new DriverOrigin(
        name instanceof String text ? text : null,
        bundle.getSymbolicName(),
        bundle.getVersion().toString(),
        bundle.getBundleId(),
        ranking instanceof Integer number ? number : 0,
        (Long) reference.getProperty(Constants.SERVICE_ID));
  }

  /** As the framework orders services: by ranking, then the older one. */
  boolean before(DriverOrigin other) {
    return ranking != other.ranking ? ranking > other.ranking : serviceId < other.serviceId;
  }
}
