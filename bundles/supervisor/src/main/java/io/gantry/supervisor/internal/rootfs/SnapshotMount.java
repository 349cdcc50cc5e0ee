// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import io.gantry.api.error.EngineException;
import io.gantry.api.storage.Mount;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts a snapshot without putting it anywhere: the result is a descriptor of a detached mount,
 * and the host's mount namespace stays as it is.
 */
public final class SnapshotMount {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotMount.class);
  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int CLOEXEC = 0x80000;
  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSMOUNT_CLOEXEC = 1;
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;
  private static final int MOUNT_ATTR_RDONLY = 1;
  private static final long MS_PRIVATE = 1 << 18;

  /** The longest value that fsconfig(2) takes. */
  private static final int MAX_VALUE = 255;

  private final PrivateMounts fallback;

  /**
   * @param fallback for kernels that cannot do it by fsconfig(2)
   */
  public SnapshotMount(PrivateMounts fallback) {
    this.fallback = fallback;
  }

  /** The root of what the mounts show; the last one counts, as they would lie on one another. */
  public Fd mount(List<Mount> mounts) {
    if (mounts.size() != 1) {
      throw EngineException.unsupported(
          "a snapshot of " + mounts.size() + " mounts cannot be used as a root file system");
    }
    Mount mount = mounts.get(0);
    boolean bind =
        mount.type().equals("bind")
            || mount.options().contains("bind")
            || mount.options().contains("rbind");
    return bind ? bind(mount) : fileSystem(mount);
  }

  private Fd bind(Mount mount) {
    int recursive = mount.options().contains("rbind") ? AT_RECURSIVE : 0;
    Fd tree;
    try (NativeMemory path = NativeMemory.string(mount.source())) {
      tree =
          new Fd(
              (int)
                  Syscalls.call(
                      "open_tree " + mount.source(),
                      Syscall.OPEN_TREE,
                      AT_FDCWD,
                      path.address(),
                      OPEN_TREE_CLONE | CLOEXEC | recursive,
                      0,
                      0,
                      0));
    }
    try (NativeMemory empty = NativeMemory.string("");
        NativeMemory attributes = NativeMemory.allocate(32)) {
      attributes.setLong(0, mount.readOnly() ? MOUNT_ATTR_RDONLY : 0).setLong(16, MS_PRIVATE);
      Syscalls.call(
          "mount_setattr " + mount.source(),
          Syscall.MOUNT_SETATTR,
          tree.number(),
          empty.address(),
          AT_EMPTY_PATH | recursive,
          attributes.address(),
          32,
          0);
      return tree;
    } catch (RuntimeException e) {
      tree.close();
      throw e;
    }
  }

  private Fd fileSystem(Mount mount) {
    try (Fd context = open(mount.type())) {
      try {
        set(context, FSCONFIG_SET_STRING, "source", mount.source());
        for (String option : mount.options()) {
          configure(context, mount.type(), option);
        }
        command(context, FSCONFIG_CMD_CREATE);
      } catch (LinuxException e) {
        String log = log(context);
        LOG.debug("fsconfig failed: {} {}", e.getMessage(), log);
        if (e.errno() == Errno.EINVAL) {
          // Before Linux 6.5 overlay knows neither lowerdir+ nor layers of more than 255 bytes.
          return fallback.mount(mount);
        }
        throw EngineException.internal(
            "mounting a snapshot failed: " + e.getMessage() + (log.isEmpty() ? "" : ": " + log), e);
      }
      return new Fd(
          (int)
              Syscalls.call(
                  "fsmount " + mount.type(),
                  Syscall.FSMOUNT,
                  context.number(),
                  FSMOUNT_CLOEXEC,
                  mount.readOnly() ? MOUNT_ATTR_RDONLY : 0,
                  0,
                  0,
                  0));
    }
  }

  private static Fd open(String type) {
    try (NativeMemory name = NativeMemory.string(type)) {
      return new Fd(
          (int)
              Syscalls.call(
                  "fsopen " + type, Syscall.FSOPEN, name.address(), FSOPEN_CLOEXEC, 0, 0, 0, 0));
    }
  }

  private static void configure(Fd context, String type, String option) {
    int equals = option.indexOf('=');
    if (equals < 0) {
      if (!option.equals("ro") && !option.equals("rw")) {
        set(context, FSCONFIG_SET_FLAG, option, null);
      }
      return;
    }
    String key = option.substring(0, equals);
    String value = option.substring(equals + 1);
    boolean layers = type.equals("overlay") && key.equals("lowerdir");
    if (layers && value.length() > MAX_VALUE) {
      for (String layer : value.split(":", -1)) {
        set(context, FSCONFIG_SET_STRING, "lowerdir+", layer);
      }
    } else {
      set(context, FSCONFIG_SET_STRING, key, value);
    }
  }

  private static void set(Fd context, int what, String key, String value) {
    try (NativeMemory name = NativeMemory.string(key);
        NativeMemory text = value == null ? null : NativeMemory.string(value)) {
      Syscalls.call(
          "fsconfig " + key,
          Syscall.FSCONFIG,
          context.number(),
          what,
          name.address(),
          text == null ? 0 : text.address(),
          0,
          0);
    }
  }

  private static void command(Fd context, int command) {
    Syscalls.call("fsconfig create", Syscall.FSCONFIG, context.number(), command, 0, 0, 0, 0);
  }

  /** The kernel's own words on what went wrong. */
  private static String log(Fd context) {
    ByteBuffer message = ByteBuffer.allocateDirect(1024);
    StringBuilder all = new StringBuilder();
    while (Syscalls.readRaw(context.number(), message.clear()) > 0) {
      byte[] line = new byte[message.flip().remaining()];
      message.get(line);
      all.append(all.isEmpty() ? "" : "; ")
          .append(new String(line, StandardCharsets.UTF_8).strip());
    }
    return all.toString();
  }
}
