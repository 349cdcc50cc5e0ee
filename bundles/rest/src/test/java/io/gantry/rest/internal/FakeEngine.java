// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.auth.Principal;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.Drivers;
import io.gantry.api.engine.Engine;
import io.gantry.api.engine.EngineView;
import io.gantry.api.engine.Events;
import io.gantry.api.engine.Execs;
import io.gantry.api.engine.Images;
import io.gantry.api.engine.Networks;
import io.gantry.api.engine.SystemInfo;
import io.gantry.api.engine.Volumes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An engine in memory, whose containers are a few lines of Java. */
final class FakeEngine implements Engine, EngineView {
  final List<Principal> callers = new CopyOnWriteArrayList<>();
  final FakeImages images = new FakeImages();
  final FakeContainers containers = new FakeContainers(images);
  final FakeExecs execs = new FakeExecs(containers);
  final FakeVolumes volumes = new FakeVolumes();
  final FakeNetworks networks = new FakeNetworks();
  final FakeSystem system = new FakeSystem();
  final FakeEvents events = new FakeEvents();

  @Override
  public EngineView as(Principal principal) {
    callers.add(principal);
    return this;
  }

  @Override
  public Containers containers() {
    return containers;
  }

  @Override
  public Execs execs() {
    return execs;
  }

  @Override
  public Images images() {
    return images;
  }

  @Override
  public Volumes volumes() {
    return volumes;
  }

  @Override
  public Networks networks() {
    return networks;
  }

  @Override
  public SystemInfo system() {
    return system;
  }

  @Override
  public Events events() {
    return events;
  }

  @Override
  public Drivers drivers() {
    throw new UnsupportedOperationException("REST has no driver operations");
  }
}
