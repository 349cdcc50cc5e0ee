// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ContainerDetails.MountPoint;
import io.gantry.api.engine.ContainerSpec.MountOptions;
import io.gantry.api.engine.MountSpec;
import io.gantry.api.error.EngineException;
import io.gantry.core.state.Durability;
import io.gantry.core.task.TaskRequest.VolumeCopy;
import io.gantry.daemon.internal.spec.ResolvedMounts.UserMount;
import io.gantry.daemon.internal.spec.TmpfsOptions;
import io.gantry.daemon.internal.volume.VolumeRecord;
import io.gantry.daemon.internal.volume.VolumeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code -v}, {@code --mount}, {@code --tmpfs} and an image's volumes come to. */
final class MountResolver {
  private static final Logger LOG = LoggerFactory.getLogger(MountResolver.class);

  private static final Set<String> PROPAGATIONS =
      Set.of("private", "rprivate", "slave", "rslave", "shared", "rshared");
  private static final Set<String> MODES =
      Set.of("ro", "rw", "z", "Z", "nocopy", "consistent", "cached", "delegated");

  private final VolumeStore volumes;

  MountResolver(VolumeStore volumes) {
    this.volumes = volumes;
  }

  /**
   * The mounts of a container that is made, and the destinations that are not filled from the
   * image.
   */
  record Resolved(List<MountPoint> points, List<String> noCopy) {}

  Resolved create(MountOptions options, Durability durability) {
    Map<String, MountPoint> points = new LinkedHashMap<>();
    List<String> noCopy = new ArrayList<>();
    for (String bind : options.binds()) {
      add(points, bind(bind, options, noCopy, durability));
    }
    for (MountSpec mount : options.mounts()) {
      add(points, mount(mount, options, noCopy, durability));
    }
    for (String destination : options.volumes()) {
      String target = clean(destination);
      if (!points.containsKey(target) && !options.tmpfs().containsKey(target)) {
        VolumeRecord volume = volumes.ensure("", driver(options), Map.of(), Map.of(), durability);
        add(points, point(volume, target, "", true));
      }
    }
    return new Resolved(List.copyOf(points.values()), noCopy);
  }

  private static void add(Map<String, MountPoint> points, MountPoint point) {
    if (points.putIfAbsent(point.destination(), point) != null) {
      throw EngineException.invalid("Duplicate mount point: " + point.destination());
    }
  }

  private static String driver(MountOptions options) {
    return options.volumeDriver() == null ? "" : options.volumeDriver();
  }

  private MountPoint bind(
      String text, MountOptions options, List<String> noCopy, Durability durability) {
    String[] parts = text.split(":", -1);
    if (parts.length < 2 || parts.length > 3 || parts[0].isEmpty()) {
      throw EngineException.invalid("invalid volume specification: '" + text + "'");
    }
    String source = parts[0];
    if (!parts[1].startsWith("/")) {
      throw EngineException.invalid(
          "invalid volume specification: '"
              + text
              + "': invalid mount config for type \""
              + (source.startsWith("/") ? "bind" : "volume")
              + "\": invalid mount path: '"
              + parts[1]
              + "' mount path must be absolute");
    }
    String destination = clean(parts[1]);
    if (destination.equals("/")) {
      throw EngineException.invalid(
          "invalid volume specification: '"
              + text
              + "': invalid specification: destination can't be '/'");
    }
    String mode = parts.length == 3 ? parts[2] : "";
    String propagation = "";
    boolean writable = true;
    for (String word : mode.isEmpty() ? new String[0] : mode.split(",")) {
      if (PROPAGATIONS.contains(word)) {
        propagation = word;
      } else if (!MODES.contains(word)) {
        throw EngineException.invalid("invalid mode: " + mode);
      }
      writable &= !word.equals("ro");
      if (word.equals("nocopy")) {
        noCopy.add(destination);
      }
    }
    if (source.startsWith("/")) {
      return new MountPoint(
          "bind",
          "",
          clean(source),
          destination,
          "",
          mode,
          writable,
          propagation.isEmpty() ? "rprivate" : propagation);
    }
    checkName(source);
    VolumeRecord volume = volumes.ensure(source, driver(options), Map.of(), Map.of(), durability);
    return point(volume, destination, mode.isEmpty() ? "z" : mode, writable);
  }

  private static void checkName(String name) {
    if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+")) {
      throw EngineException.invalid(
          "create "
              + name
              + ": \""
              + name
              + "\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path");
    }
  }

  private MountPoint mount(
      MountSpec mount, MountOptions options, List<String> noCopy, Durability durability) {
    if (mount.target().isEmpty()) {
      throw invalid(mount, "field Target must not be empty");
    }
    if (!mount.target().startsWith("/")) {
      throw invalid(
          mount, "invalid mount path: '" + mount.target() + "' mount path must be absolute");
    }
    String destination = clean(mount.target());
    if (destination.equals("/")) {
      throw invalid(mount, "invalid specification: destination can't be '/'");
    }
    switch (mount.type()) {
      case "bind" -> {
        if (mount.source() == null || mount.source().isEmpty()) {
          throw invalid(mount, "field Source must not be empty");
        }
        if (!mount.source().startsWith("/")) {
          throw invalid(
              mount, "invalid mount path: '" + mount.source() + "' mount path must be absolute");
        }
        if (!Files.exists(Path.of(mount.source())) && !mount.createMountpoint()) {
          throw invalid(mount, "bind source path does not exist: " + mount.source());
        }
        String propagation =
            mount.propagation() == null || mount.propagation().isEmpty()
                ? "rprivate"
                : mount.propagation();
        return new MountPoint(
            "bind", "", clean(mount.source()), destination, "", "", !mount.readOnly(), propagation);
      }
      case "volume" -> {
        String driver =
            mount.volumeDriver() == null || mount.volumeDriver().isEmpty()
                ? driver(options)
                : mount.volumeDriver();
        VolumeRecord volume =
            volumes.ensure(
                mount.source() == null ? "" : mount.source(),
                driver,
                mount.volumeDriverOptions(),
                mount.volumeLabels(),
                durability);
        if (mount.noCopy()) {
          noCopy.add(destination);
        }
        return point(volume, destination, "z", !mount.readOnly());
      }
      case "tmpfs" -> {
        if (mount.source() != null && !mount.source().isEmpty()) {
          throw invalid(mount, "field Source must not be specified");
        }
        return new MountPoint("tmpfs", "", "", destination, "", "", !mount.readOnly(), "");
      }
      default -> throw invalid(mount, "mount type unknown");
    }
  }

  private static EngineException invalid(MountSpec mount, String why) {
    return EngineException.invalid(
        "invalid mount config for type \"" + mount.type() + "\": " + why);
  }

  private static MountPoint point(
      VolumeRecord volume, String destination, String mode, boolean writable) {
    return new MountPoint(
        "volume",
        volume.name(),
        volume.mountpoint().toString(),
        destination,
        volume.driver(),
        mode,
        writable,
        "");
  }

  private static String clean(String path) {
    return Path.of(path).normalize().toString();
  }

  /**
   * Makes everything available for a start: volumes are mounted, missing sources of {@code -v}
   * made.
   */
  List<UserMount> mount(ContainerRecord record, List<VolumeCopy> copies) {
    List<UserMount> mounts = new ArrayList<>();
    for (MountPoint point : record.mounts()) {
      String access = point.writable() ? "rw" : "ro";
      switch (point.type()) {
        case "bind" -> {
          makeSource(point);
          mounts.add(
              new UserMount(
                  "bind",
                  point.source(),
                  point.destination(),
                  List.of("rbind", access, point.propagation())));
        }
        case "volume" -> {
          Path path =
              volumes.mount(
                  volumes.get(point.name()), record.id(), point.destination(), point.writable());
          if (!record.noCopy().contains(point.destination())) {
            copies.add(new VolumeCopy(point.destination(), path));
          }
          mounts.add(
              new UserMount(
                  "bind",
                  path.toString(),
                  point.destination(),
                  List.of("rbind", access, "rprivate")));
        }
        default -> mounts.add(tmpfs(record, point));
      }
    }
    record
        .spec()
        .mounts()
        .tmpfs()
        .forEach(
            (destination, options) ->
                mounts.add(
                    new UserMount("tmpfs", null, clean(destination), TmpfsOptions.merge(options))));
    return mounts;
  }

  private static void makeSource(MountPoint point) {
    try {
      if (!Files.exists(Path.of(point.source()))) {
        Files.createDirectories(Path.of(point.source()));
      }
    } catch (IOException e) {
      throw EngineException.internal(
          "error while creating mount source path '" + point.source() + "': " + e.getMessage(), e);
    }
  }

  private static UserMount tmpfs(ContainerRecord record, MountPoint point) {
    MountSpec spec =
        record.spec().mounts().mounts().stream()
            .filter(m -> m.type().equals("tmpfs") && clean(m.target()).equals(point.destination()))
            .findFirst()
            .orElseThrow();
    List<String> options =
        new ArrayList<>(List.of("noexec", "nosuid", "nodev", point.writable() ? "rw" : "ro"));
    if (spec.tmpfsMode() != null && spec.tmpfsMode() != 0) {
      options.add("mode=" + Integer.toOctalString(spec.tmpfsMode()));
    }
    if (spec.tmpfsSize() > 0) {
      options.add("size=" + spec.tmpfsSize());
    }
    return new UserMount("tmpfs", null, point.destination(), options);
  }

  void unmount(ContainerRecord record) {
    for (MountPoint point : record.mounts()) {
      if (point.type().equals("volume")) {
        try {
          volumes.unmount(volumes.get(point.name()), record.id());
        } catch (RuntimeException e) {
          // The container has ended all the same; its next start mounts by the same id.
          LOG.warn("volume {} could not be unmounted: {}", point.name(), e.getMessage());
        }
      }
    }
  }
}
