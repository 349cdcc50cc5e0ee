// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import io.gantry.api.network.NetworkDriver;
import io.gantry.core.driver.DriverKind;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The activator of the bundles that {@link DriverUpdateTest} makes. */
public class VersionedDriverActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    String behaviour = context.getBundle().getHeaders().get("Test-Behaviour");
    if ("throw".equals(behaviour)) {
      throw new IllegalStateException("broken on purpose");
    }
    if ("silent".equals(behaviour)) {
      return;
    }
    Hashtable<String, Object> properties = new Hashtable<>();
    properties.put(DriverKind.NAME_PROPERTY, "bridge");
    context.registerService(NetworkDriver.class, new FakeNetworkDriver(), properties);
  }

  @Override
  public void stop(BundleContext context) {}
}
