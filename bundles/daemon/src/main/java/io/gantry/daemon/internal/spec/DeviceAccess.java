// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.RuntimeSpec.Device;
import io.gantry.api.runtime.RuntimeSpec.DeviceRule;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Device nodes and who may use which. The nodes that every container has are the runtime's. */
final class DeviceAccess {
  private static final int S_IFMT = 0170000;
  private static final int S_IFCHR = 0020000;
  private static final int S_IFBLK = 0060000;

  static final List<DeviceRule> DEFAULT =
      List.of(
          new DeviceRule(false, null, null, null, "rwm"),
          allow(1, 5),
          allow(1, 3),
          allow(1, 9),
          allow(1, 8),
          allow(5, 0),
          allow(5, 1),
          // FUSE, which older releases allowed.
          new DeviceRule(false, "c", 10L, 229L, "rwm"));

  static final List<DeviceRule> EVERYTHING = List.of(new DeviceRule(true, null, null, null, "rwm"));

  /** Directories with mounts of the host's own, as runc leaves them out. */
  private static final Set<String> SKIPPED =
      Set.of("pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev");

  private DeviceAccess() {}

  private static DeviceRule allow(long major, long minor) {
    return new DeviceRule(true, "c", major, minor, "rwm");
  }

  /** The host's devices, for privileged containers. */
  static List<Device> ofHost(Path dev) {
    List<Device> devices = new ArrayList<>();
    try {
      Files.walkFileTree(
          dev,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attrs) {
              return !directory.equals(dev)
                      && SKIPPED.contains(String.valueOf(directory.getFileName()))
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attrs)
                throws IOException {
              if (attrs.isOther() && !file.equals(dev.resolve("console"))) {
                Device device = device(file, dev);
                if (device != null) {
                  devices.add(device);
                }
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw EngineException.internal("cannot list the devices of the host: " + e.getMessage(), e);
    }
    return devices;
  }

  private static Device device(Path file, Path dev) throws IOException {
    Map<String, Object> unix =
        Files.readAttributes(file, "unix:mode,rdev,uid,gid", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) unix.get("mode");
    int format = mode & S_IFMT;
    if (format != S_IFCHR && format != S_IFBLK) {
      return null;
    }
    long number = (Long) unix.get("rdev");
    return new Device(
        "/dev/" + dev.relativize(file),
        format == S_IFCHR ? "c" : "b",
        major(number),
        minor(number),
        mode & 07777,
        (Integer) unix.get("uid"),
        (Integer) unix.get("gid"));
  }

  /** As glibc's gnu_dev_major. */
  static long major(long number) {
    return (number >>> 8 & 0xfff) | (number >>> 32 & 0xfffff000L);
  }

  static long minor(long number) {
    return (number & 0xff) | (number >>> 12 & 0xffffff00L);
  }
}
