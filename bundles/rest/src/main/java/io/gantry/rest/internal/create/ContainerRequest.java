// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.create;

import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.IdentityOptions;
import io.gantry.api.engine.ContainerSpec.LifecycleOptions;
import io.gantry.api.engine.ContainerSpec.LogOptions;
import io.gantry.api.engine.ContainerSpec.MountOptions;
import io.gantry.api.engine.ContainerSpec.NetworkOptions;
import io.gantry.api.engine.ContainerSpec.ProcessOptions;
import io.gantry.api.engine.ContainerSpec.ResourceOptions;
import io.gantry.api.engine.ContainerSpec.SecurityOptions;
import io.gantry.api.engine.ContainerSpec.Ulimit;
import io.gantry.api.engine.MountSpec;
import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.wire.Fields;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The body of a request that creates a container: a Config with two more structs inside. */
public final class ContainerRequest {
  /** The Go type that messages name. */
  public static final String TYPE = "runconfig.ContainerConfigWrapper";

  private static final String HOST_CONFIG_TYPE = "container.HostConfig";

  private final Fields config;
  private final Fields host;

  private ContainerRequest(Fields config) {
    this.config = config;
    this.host = config.object("HostConfig", HOST_CONFIG_TYPE);
  }

  /**
   * The specification that the body asks for.
   *
   * @throws EngineException UNSUPPORTED for what is not built, INVALID for what makes no sense
   */
  public static ContainerSpec specification(Fields body) {
    return new ContainerRequest(body).specification();
  }

  private ContainerSpec specification() {
    if (!config.hasAny(CreateFields.CONFIG.names())) {
      throw EngineException.invalid("Config cannot be empty in order to create a container");
    }
    ContainerSpec specification =
        new ContainerSpec(
            config.string("Image"),
            process(),
            identity(),
            mounts(),
            network(),
            security(),
            resources(),
            log(),
            lifecycle());
    CreateFields.check(config, host);
    checkEndpoints(specification.network().mode());
    ProcessOptions process = specification.process();
    boolean command = !isEmpty(process.cmd()) || !isEmpty(process.entrypoint());
    if (specification.image().isEmpty()) {
      throw EngineException.invalid(
          command
              ? "no image specified: a container is made from an image"
              : "No command specified");
    }
    return specification;
  }

  private static boolean isEmpty(List<String> words) {
    return words == null || words.isEmpty();
  }

  private ProcessOptions process() {
    return new ProcessOptions(
        config.stringsOrOne("Entrypoint"),
        emptyToNull(config.stringsOrOne("Cmd")),
        config.strings("Env"),
        config.string("User"),
        config.string("WorkingDir"),
        config.bool("Tty"),
        config.bool("OpenStdin"),
        config.bool("StdinOnce"),
        config.bool("AttachStdin"),
        config.bool("AttachStdout"),
        config.bool("AttachStderr"),
        host.bool("Init"));
  }

  /** No command is the image's, unlike no entrypoint. */
  private static List<String> emptyToNull(List<String> words) {
    return isEmpty(words) ? null : words;
  }

  private IdentityOptions identity() {
    return new IdentityOptions(
        config.string("Hostname"),
        config.string("Domainname"),
        config.stringMap("Labels"),
        host.stringMap("Annotations"));
  }

  private MountOptions mounts() {
    return new MountOptions(
        host.strings("Binds"),
        host.objects("Mounts", "mount.Mount").stream().map(ContainerRequest::mount).toList(),
        host.stringMap("Tmpfs"),
        config.set("Volumes"),
        host.string("VolumeDriver"),
        host.bool("ReadonlyRootfs"),
        host.int64("ShmSize"));
  }

  private static MountSpec mount(Fields mount) {
    CreateFields.MOUNT.check(mount);
    Fields bind = mount.object("BindOptions", "mount.BindOptions");
    CreateFields.BIND_OPTIONS.check(bind);
    Fields volume = mount.object("VolumeOptions", "mount.VolumeOptions");
    CreateFields.VOLUME_OPTIONS.check(volume);
    Fields driver = volume.object("DriverConfig", "mount.Driver");
    Fields tmpfs = mount.object("TmpfsOptions", "mount.TmpfsOptions");
    CreateFields.TMPFS_OPTIONS.check(tmpfs);
    return new MountSpec(
        mount.string("Type", "mount.Type"),
        mount.string("Source"),
        mount.string("Target"),
        mount.bool("ReadOnly"),
        bind.string("Propagation", "mount.Propagation"),
        bind.bool("NonRecursive"),
        bind.bool("CreateMountpoint"),
        volume.bool("NoCopy"),
        volume.stringMap("Labels"),
        driver.string("Name"),
        driver.stringMap("Options"),
        tmpfs.int64("SizeBytes"),
        tmpfs.intOrNull("Mode"));
  }

  private NetworkOptions network() {
    String mode = host.string("NetworkMode", "container.NetworkMode");
    return new NetworkOptions(
        mode.isEmpty() ? "default" : mode,
        host.strings("Dns"),
        host.strings("DnsOptions"),
        host.strings("DnsSearch"),
        host.strings("ExtraHosts"));
  }

  /** Clients name the one network of {@code NetworkMode} here once more. */
  private void checkEndpoints(String mode) {
    Fields networking = config.object("NetworkingConfig", "network.NetworkingConfig");
    CreateFields.NETWORKING_CONFIG.check(networking);
    Map<String, Fields> endpoints =
        networking.objectMap("EndpointsConfig", "network.EndpointSettings");
    Set<String> own =
        Set.of("default", "bridge").contains(mode) ? Set.of("default", "bridge") : Set.of(mode);
    endpoints.forEach(
        (name, endpoint) -> {
          if (!own.contains(name)) {
            throw EngineException.unsupported(
                "connecting a container to the network "
                    + name
                    + " beside "
                    + mode
                    + " is not supported by this version of Gantry");
          }
          CreateFields.ENDPOINT.check(endpoint);
        });
  }

  private SecurityOptions security() {
    return new SecurityOptions(
        host.bool("Privileged"),
        host.strings("CapAdd"),
        host.strings("CapDrop"),
        host.strings("GroupAdd"),
        host.strings("SecurityOpt"),
        host.stringsOrNull("MaskedPaths"),
        host.stringsOrNull("ReadonlyPaths"),
        host.stringMap("Sysctls"));
  }

  private ResourceOptions resources() {
    Integer oomScore = host.intOrNull("OomScoreAdj");
    Long pids = host.int64OrNull("PidsLimit");
    return new ResourceOptions(
        host.int64("Memory"),
        host.int64("MemorySwap"),
        host.int64("MemoryReservation"),
        host.int64("NanoCpus"),
        host.int64("CpuShares"),
        host.int64("CpuPeriod"),
        host.int64("CpuQuota"),
        host.string("CpusetCpus"),
        host.string("CpusetMems"),
        pids == null || pids == 0 ? null : pids,
        host.objects("Ulimits", "units.Ulimit").stream()
            .map(u -> new Ulimit(u.string("Name"), u.int64("Soft"), u.int64("Hard")))
            .toList(),
        oomScore == null ? 0 : oomScore);
  }

  private LogOptions log() {
    Fields log = host.object("LogConfig", "container.LogConfig");
    return new LogOptions(log.string("Type"), log.stringMap("Config"));
  }

  private LifecycleOptions lifecycle() {
    Fields restart = host.object("RestartPolicy", "container.RestartPolicy");
    Integer retries = restart.intOrNull("MaximumRetryCount");
    String name = restart.string("Name");
    String signal = config.string("StopSignal");
    return new LifecycleOptions(
        name.isEmpty() ? "no" : name,
        retries == null ? 0 : retries,
        host.bool("AutoRemove"),
        signal.isEmpty() ? null : signal,
        config.intOrNull("StopTimeout"),
        host.string("Runtime"),
        host.string("ContainerIDFile"));
  }
}
