// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.volume.VolumeDriver;
import io.gantry.api.volume.VolumeInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volume driver {@code local}: directories of the host, or file systems that are mounted while
 * somebody uses them. All it knows is on disk and in the kernel's mount table.
 */
@Component(service = VolumeDriver.class, property = "gantry.driver=local")
public final class LocalVolumeDriver implements VolumeDriver {
  private static final Logger LOG = LoggerFactory.getLogger(LocalVolumeDriver.class);
  private static final String DATA_ROOT = "gantry.data.root";
  private static final String REMOVED = ".removed-";
  private static final Pattern SERVER = Pattern.compile("(?<=(?:^|,)addr=)[^,]+");
  private static final Pattern PASSWORD = Pattern.compile("(?<=password=)[^,]+");

  private final Path root;
  private final String bootId;
  private final Mounter mounter;

  @Activate
  public LocalVolumeDriver(BundleContext context) throws IOException {
    this(
        Path.of(Objects.requireNonNull(context.getProperty(DATA_ROOT), DATA_ROOT))
            .resolve("volumes"),
        Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip(),
        new KernelMounter());
  }

  LocalVolumeDriver(Path root, String bootId, Mounter mounter) throws IOException {
    this.root = root;
    this.bootId = bootId;
    this.mounter = mounter;
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      // containers reach their own volume by its path only, and list none
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx-----x"));
    }
    deleteLeftOvers();
  }

  /** Deletes what a crash left: volumes half made, and half deleted. */
  private void deleteLeftOvers() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(root, ".{new,removed}-*")) {
      for (Path directory : left) {
        if (mounter.mountPointsBelow(directory).isEmpty()) {
          VolumeDirectory.deleteTree(directory);
        }
      }
    }
  }

  @Override
  public synchronized VolumeInfo create(String name, Map<String, String> driverOptions) {
    VolumeName.check(name);
    VolumeOptions options = VolumeOptions.parse(name, driverOptions);
    VolumeDirectory volume = directory(name);
    try {
      if (!volume.exists()) {
        volume.create(options.raw());
      }
      return info(name, volume);
    } catch (IOException e) {
      throw failed("create", name, e);
    }
  }

  @Override
  public VolumeInfo get(String name) {
    try {
      return info(name, existing(name));
    } catch (IOException e) {
      throw failed("get", name, e);
    }
  }

  @Override
  public List<VolumeInfo> list() {
    List<VolumeInfo> volumes = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(root)) {
      for (Path directory : directories) {
        String name = directory.getFileName().toString();
        VolumeDirectory volume = directory(name);
        if (VolumeName.isValid(name) && volume.exists()) {
          try {
            volumes.add(info(name, volume));
          } catch (NoSuchFileException e) {
            LOG.debug("Volume {} was removed while the volumes were listed", name);
          }
        }
      }
    } catch (IOException e) {
      throw EngineException.internal("cannot list the volumes in " + root + ": " + e, e);
    }
    volumes.sort(Comparator.comparing(VolumeInfo::name));
    return volumes;
  }

  @Override
  public synchronized void remove(String name) {
    VolumeDirectory volume = existing(name);
    try {
      if (volume.hasUsers()) {
        throw EngineException.conflict("remove " + name + ": volume has active mounts");
      }
      mounter.unmount(volume.data());
      List<Path> mounts = mounter.mountPointsBelow(volume.path());
      if (!mounts.isEmpty()) {
        throw EngineException.conflict(
            "remove "
                + name
                + ": "
                + mounts.get(0)
                + " is a mount point of the host; unmount it first, or its content would be"
                + " deleted with the volume");
      }
      Path removed = root.resolve(REMOVED + name + "-" + System.nanoTime());
      Files.move(volume.path(), removed, StandardCopyOption.ATOMIC_MOVE);
      VolumeDirectory.deleteTree(removed);
    } catch (IOException e) {
      throw failed("remove", name, e);
    }
  }

  @Override
  public synchronized Path mount(String name, String mountId) {
    VolumeDirectory volume = existing(name);
    try {
      Map<String, String> stored = volume.options();
      if (!stored.isEmpty()) {
        VolumeOptions options = new VolumeOptions(stored);
        if (options.needsMount() && !isMounted(volume)) {
          mountFileSystem(options, volume.data());
        }
      }
      volume.addUser(mountId);
      return volume.data();
    } catch (IOException e) {
      throw failed("mount", name, e);
    }
  }

  @Override
  public synchronized void unmount(String name, String mountId) {
    if (!VolumeName.isValid(name)) {
      return;
    }
    VolumeDirectory volume = directory(name);
    try {
      if (volume.removeUser(mountId) && !volume.options().isEmpty() && !volume.hasUsers()) {
        mounter.unmount(volume.data());
      }
    } catch (IOException e) {
      throw failed("unmount", name, e);
    }
  }

  private boolean isMounted(VolumeDirectory volume) {
    return mounter.mountPointsBelow(volume.data()).contains(volume.data());
  }

  private void mountFileSystem(VolumeOptions options, Path target) {
    MountFlags parsed = MountFlags.parse(resolveServer(options));
    String device = options.device();
    try {
      mounter.mount(device, target, options.type(), parsed.flags(), parsed.data());
      if (parsed.propagation() != 0) {
        mounter.mount("", target, "", parsed.propagation(), "");
      }
      if (parsed.isReadOnlyBind()) {
        mounter.mount("", target, "", parsed.flags() | MountFlags.REMOUNT, "");
      }
    } catch (Mounter.MountRefused e) {
      mounter.unmount(target);
      String data = PASSWORD.matcher(parsed.data()).replaceAll("********");
      throw EngineException.invalid(
          "error while mounting volume '"
              + target
              + "': failed to mount local volume: mount "
              + device
              + ":"
              + target
              + (parsed.flags() == 0 ? "" : ", flags: 0x" + Long.toHexString(parsed.flags()))
              + (data.isEmpty() ? "" : ", data: " + data)
              + ": "
              + e.getMessage());
    }
  }

  /** The kernel's network file systems take an address, no name. */
  private static String resolveServer(VolumeOptions options) {
    String list = options.mountOptions();
    Matcher server = SERVER.matcher(list);
    boolean named = options.type().equals("nfs") || options.type().equals("cifs");
    if (!named || !server.find()) {
      return list;
    }
    try {
      String address = InetAddress.getByName(server.group()).getHostAddress();
      return list.substring(0, server.start()) + address + list.substring(server.end());
    } catch (UnknownHostException e) {
      throw EngineException.invalid(
          "error resolving passed in network volume address: lookup "
              + server.group()
              + ": no such host");
    }
  }

  private VolumeInfo info(String name, VolumeDirectory volume) throws IOException {
    return new VolumeInfo(name, volume.data(), volume.created(), volume.options(), Map.of());
  }

  private VolumeDirectory directory(String name) {
    return new VolumeDirectory(root.resolve(name), bootId);
  }

  private VolumeDirectory existing(String name) {
    if (VolumeName.isValid(name)) {
      VolumeDirectory volume = directory(name);
      if (volume.exists()) {
        return volume;
      }
    }
    throw EngineException.notFound("get " + name + ": no such volume");
  }

  private EngineException failed(String action, String name, IOException cause) {
    return EngineException.internal(
        "cannot " + action + " the volume " + name + " in " + root + ": " + cause, cause);
  }
}
