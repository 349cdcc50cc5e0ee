// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import io.gantry.api.engine.ContainerSpec.ProcessOptions;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.network.InterfaceAddress;
import io.gantry.core.settings.Settings;
import io.gantry.core.task.TaskRequest;
import io.gantry.core.task.TaskRequest.Endpoint;
import io.gantry.core.task.TaskRequest.StdinMode;
import io.gantry.core.task.TaskRequest.VolumeCopy;
import io.gantry.daemon.internal.network.DefaultNetworks;
import io.gantry.daemon.internal.network.NetworkRecord;
import io.gantry.daemon.internal.spec.ResolvedMounts;
import io.gantry.daemon.internal.spec.ResolvedMounts.UserMount;
import io.gantry.daemon.internal.spec.SpecBuilder;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns a container that is to start into what the supervisor needs. */
final class TaskRequests {
  private static final List<String> INIT_PROGRAMS =
      List.of(
          "/usr/libexec/docker/docker-init",
          "/usr/bin/docker-init",
          "/usr/bin/tini",
          "/usr/bin/tini-static");

  private final Settings settings;
  private final DefaultNetworks networks;
  private final MountResolver mounts;
  private final NetworkFiles files;
  private final SpecBuilder specs;
  private final ContainerDirectory directory;
  private final ContainerEvents events;

  TaskRequests(
      Settings settings,
      DefaultNetworks networks,
      MountResolver mounts,
      SpecBuilder specs,
      ContainerDirectory directory,
      ContainerEvents events) {
    this.settings = settings;
    this.networks = networks;
    this.mounts = mounts;
    this.files = new NetworkFiles(settings);
    this.specs = specs;
    this.directory = directory;
    this.events = events;
  }

  /** The request, and the container with its place in the network. */
  record Prepared(TaskRequest request, ContainerRecord record) {}

  Prepared prepare(ContainerRecord stored) {
    NetworkRecord network = networks.byMode(stored.spec().network().mode());
    String name = network.spec().name();
    Endpoint endpoint = name.equals(DefaultNetworks.BRIDGE) ? networks.connect(stored.id()) : null;
    ContainerRecord record = stored.withEndpoint(endpoint(network, endpoint));
    events.network("connect", record);
    try {
      return new Prepared(request(record, network, endpoint), record);
    } catch (RuntimeException e) {
      release(record);
      throw e;
    }
  }

  private TaskRequest request(ContainerRecord record, NetworkRecord network, Endpoint endpoint) {
    String hostname = record.spec().identity().hostname();
    List<VolumeCopy> copies = new ArrayList<>();
    List<UserMount> userMounts = mounts.mount(record, copies);
    InetAddress address = endpoint == null ? null : endpoint.addresses().get(0).address();
    files.write(directory.of(record.id()), record, hostname, address, networks.gateway());
    Path own = directory.of(record.id());
    var containerFiles =
        new io.gantry.api.engine.ContainerDetails.ContainerFiles(
            own.resolve("resolv.conf").toString(),
            own.resolve("hostname").toString(),
            own.resolve("hosts").toString(),
            "");
    boolean namespace = !network.spec().name().equals(DefaultNetworks.HOST);
    ProcessOptions process = record.spec().process();
    return new TaskRequest(
        record.id(),
        own,
        runtime(record),
        record.snapshotter(),
        record.id(),
        specs.build(
            record.details(directory),
            hostname,
            namespace,
            new ResolvedMounts(userMounts, containerFiles, process.init() ? initProgram() : null)),
        process.user() == null ? "" : process.user(),
        record.spec().security().groupAdd(),
        !process.openStdin()
            ? StdinMode.CLOSED
            : process.stdinOnce() ? StdinMode.OPEN_ONCE : StdinMode.OPEN,
        namespace,
        endpoint == null ? List.of() : List.of(endpoint),
        copies,
        log(record));
  }

  private static EndpointDetails endpoint(NetworkRecord network, Endpoint endpoint) {
    String name = network.spec().name();
    if (endpoint == null) {
      return new EndpointDetails(
          name, network.spec().id(), io.gantry.daemon.internal.Ids.next(), "", "", 0, "");
    }
    InterfaceAddress address = endpoint.addresses().get(0);
    return new EndpointDetails(
        name,
        network.spec().id(),
        endpoint.endpointId(),
        network.spec().subnets().get(0).gateway().getHostAddress(),
        address.address().getHostAddress(),
        address.prefixLength(),
        endpoint.macAddress());
  }

  private String runtime(ContainerRecord record) {
    String runtime = record.spec().lifecycle().runtime();
    return runtime == null || runtime.isEmpty() ? settings.defaultRuntime() : runtime;
  }

  private static String initProgram() {
    for (String program : INIT_PROGRAMS) {
      if (Files.isExecutable(Path.of(program))) {
        return program;
      }
    }
    throw io.gantry.api.error.EngineException.invalid(
        "--init needs docker-init or tini on the host: apt-get install tini");
  }

  TaskRequest.Log log(ContainerRecord record) {
    String driver = record.spec().log().driver();
    return driver.equals("none") ? null : new TaskRequest.Log(driver, logTarget(record));
  }

  LogTarget logTarget(ContainerRecord record) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("name", record.name());
    attributes.put("image", record.spec().image());
    attributes.put("imageId", record.imageId());
    attributes.put("created", record.created().toString());
    record
        .spec()
        .identity()
        .labels()
        .forEach((key, value) -> attributes.put("label:" + key, value));
    for (String variable : record.spec().process().env()) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        attributes.put("env:" + variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return new LogTarget(
        record.id(), directory.of(record.id()), record.spec().log().options(), attributes);
  }

  /** Lets go of what {@link #prepare} took; never fails, for the container has ended anyway. */
  void release(ContainerRecord record) {
    events.network("disconnect", record);
    if (!record.endpoint().address().isEmpty()) {
      try {
        networks.release(InetAddress.getByName(record.endpoint().address()), record.id());
      } catch (java.net.UnknownHostException e) {
        throw new IllegalStateException(
            "a stored address is not one: " + record.endpoint().address(), e);
      }
    }
    mounts.unmount(record);
  }
}
