// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.network.Attachment;
import io.gantry.api.network.EndpointSpec;
import io.gantry.api.network.InterfaceAddress;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.task.TaskRequest;
import io.gantry.linux.LinuxException;
import io.gantry.linux.netlink.Link;
import io.gantry.linux.netlink.LinkAddress;
import io.gantry.linux.netlink.NetworkNamespace;
import io.gantry.linux.netlink.Route;
import io.gantry.linux.netlink.RouteNetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects a task's network namespace to its networks, and disconnects it. */
final class TaskNetwork {
  private static final Logger LOG = LoggerFactory.getLogger(TaskNetwork.class);

  private final DriverRegistry drivers;

  TaskNetwork(DriverRegistry drivers) {
    this.drivers = drivers;
  }

  /** Attaches all endpoints and sets up their links; {@code undo} learns how to take it back. */
  List<Attachment> attach(
      NetworkNamespace namespace, List<TaskRequest.Endpoint> endpoints, Undo undo) {
    List<Attachment> attachments = new ArrayList<>();
    for (TaskRequest.Endpoint endpoint : endpoints) {
      EndpointSpec spec =
          new EndpointSpec(
              endpoint.endpointId(),
              namespace.namespace().path(),
              endpoint.interfaceName(),
              endpoint.addresses(),
              endpoint.macAddress(),
              Map.of());
      undo.add(() -> detach(endpoint));
      Attachment attachment =
          drivers.call(
              DriverKind.NETWORK,
              endpoint.driver(),
              driver -> driver.attach(endpoint.network(), spec));
      if (attachment.interfaceName() != null) {
        apply(attachment, namespace.routes());
      }
      attachments.add(attachment);
    }
    return attachments;
  }

  private static void apply(Attachment attachment, RouteNetlink routes) {
    String name = attachment.interfaceName();
    try {
      Link link =
          routes
              .link(name)
              .orElseThrow(
                  () ->
                      EngineException.internal(
                          "the network driver did not make the interface " + name, null));
      for (InterfaceAddress address : attachment.addresses()) {
        routes.addAddress(new LinkAddress(link.index(), address.address(), address.prefixLength()));
      }
      routes.setUp(link.index());
      if (attachment.gateway() != null) {
        routes.addRoute(Route.toAll(attachment.gateway(), link.index()));
      }
    } catch (LinuxException e) {
      throw EngineException.internal(
          "failed to set up the interface " + name + " of the container: " + e.getMessage(), e);
    }
  }

  /** Detaches all endpoints; one that fails does not keep the others. */
  void detach(List<TaskRequest.Endpoint> endpoints) {
    for (TaskRequest.Endpoint endpoint : endpoints) {
      try {
        detach(endpoint);
      } catch (RuntimeException e) {
        LOG.warn(
            "Detaching from network {} failed; its driver repeats it",
            endpoint.network().name(),
            e);
      }
    }
  }

  private void detach(TaskRequest.Endpoint endpoint) {
    drivers.call(
        DriverKind.NETWORK,
        endpoint.driver(),
        driver -> {
          driver.detach(endpoint.network(), endpoint.endpointId());
          return null;
        });
  }
}
