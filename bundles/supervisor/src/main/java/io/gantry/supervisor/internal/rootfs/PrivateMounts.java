// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import io.gantry.api.error.EngineException;
import io.gantry.api.storage.Mount;
import io.gantry.linux.Fd;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Mounts with mount(2) on kernels whose overlayfs does not know fsconfig(2) (before Linux 6.5), on
 * a thread with a mount namespace of its own, and hands out detached copies. The thread is made
 * when it is first needed and runs nothing else.
 */
public final class PrivateMounts implements AutoCloseable {
  private static final int AT_FDCWD = -100;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int CLOEXEC = 0x80000;
  private static final int CLONE_NEWNS = 0x20000;
  private static final int MS_RDONLY = 1;
  private static final int MS_REC = 1 << 14;
  private static final int MS_PRIVATE = 1 << 18;
  private static final int MS_SLAVE = 1 << 19;
  private static final int MNT_DETACH = 2;

  /** mount(2) takes one page of options. */
  private static final int MAX_OPTIONS = 4095;

  private static final String LAYERS = "lowerdir=";
  private static final String LAYER = "lowerdir+=";
  private final Runnable end = () -> {};

  private final Path directory;
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private Thread thread;

  /**
   * @param directory where the thread mounts; nobody else sees it
   */
  public PrivateMounts(Path directory) {
    this.directory = directory;
  }

  Fd mount(Mount mount) {
    CompletableFuture<Fd> result = new CompletableFuture<>();
    synchronized (this) {
      if (thread == null) {
        thread = new Thread(this::run, "gantry-mounts");
        thread.setDaemon(true);
        thread.start();
      }
    }
    tasks.add(
        () -> {
          try {
            result.complete(mountAndCopy(mount));
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.join();
    } catch (CompletionException e) {
      throw EngineException.internal(
          "mounting a snapshot failed: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private void run() {
    boolean ready = false;
    while (true) {
      try {
        Runnable task = tasks.take();
        if (task == end) {
          return;
        }
        if (!ready) {
          Syscalls.call("unshare mounts", Syscall.UNSHARE, CLONE_NEWNS, 0, 0, 0, 0, 0);
          // A slave: what the host unmounts goes away here as well, and nothing goes back.
          mount("none", "/", null, MS_REC | MS_SLAVE, null);
          ready = true;
        }
        task.run();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Fd mountAndCopy(Mount mount) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String point = directory.toString();
    List<String> layers = layers(mount);
    String options = options(mount, layers);
    if (options.length() > MAX_OPTIONS && !layers.isEmpty()) {
      options = options(mount, shortened(layers));
    }
    mount(mount.source(), point, mount.type(), mount.readOnly() ? MS_RDONLY : 0, options);
    try (NativeMemory path = NativeMemory.string(point)) {
      mount("none", point, null, MS_PRIVATE, null);
      return new Fd(
          (int)
              Syscalls.call(
                  "open_tree " + point,
                  Syscall.OPEN_TREE,
                  AT_FDCWD,
                  path.address(),
                  OPEN_TREE_CLONE | CLOEXEC,
                  0,
                  0,
                  0));
    } finally {
      try (NativeMemory path = NativeMemory.string(point)) {
        Syscalls.raw(Syscall.UMOUNT2, path.address(), MNT_DETACH, 0, 0, 0, 0);
      }
    }
  }

  /** As mount(2) takes them: layers that are given one by one are joined. */
  private static String options(Mount mount, List<String> layers) {
    List<String> options = new ArrayList<>();
    for (String option : mount.options()) {
      boolean flag = option.equals("ro") || option.equals("rw");
      if (!flag && !option.startsWith(LAYERS) && !option.startsWith(LAYER)) {
        options.add(option);
      }
    }
    if (!layers.isEmpty()) {
      options.add(LAYERS + String.join(":", layers));
    }
    return String.join(",", options);
  }

  private static List<String> layers(Mount mount) {
    List<String> layers = new ArrayList<>();
    for (String option : mount.options()) {
      if (option.startsWith(LAYER)) {
        layers.add(option.substring(LAYER.length()));
      } else if (option.startsWith(LAYERS)) {
        layers.addAll(Arrays.asList(option.substring(LAYERS.length()).split(":", -1)));
      }
    }
    return layers;
  }

  /** Enters the directory that all layers lie in, so that their paths get short. */
  private static List<String> shortened(List<String> layers) {
    String common = layers.get(0);
    for (String layer : layers) {
      int i = 0;
      while (i < Math.min(common.length(), layer.length()) && common.charAt(i) == layer.charAt(i)) {
        i++;
      }
      common = common.substring(0, i);
    }
    String parent = common.substring(0, common.lastIndexOf('/') + 1);
    try (NativeMemory path = NativeMemory.string(parent)) {
      Syscalls.call("chdir " + parent, Syscall.CHDIR, path.address(), 0, 0, 0, 0, 0);
    }
    return layers.stream().map(layer -> layer.substring(parent.length())).toList();
  }

  private static void mount(String source, String target, String type, int flags, String data) {
    try (NativeMemory from = NativeMemory.string(source);
        NativeMemory to = NativeMemory.string(target);
        NativeMemory kind = type == null ? null : NativeMemory.string(type);
        NativeMemory options = data == null ? null : NativeMemory.string(data)) {
      Syscalls.call(
          "mount " + (type == null ? "" : type + " ") + "on " + target,
          Syscall.MOUNT,
          from.address(),
          to.address(),
          kind == null ? 0 : kind.address(),
          flags,
          options == null ? 0 : options.address(),
          0);
    }
  }

  @Override
  public synchronized void close() {
    if (thread != null) {
      tasks.add(end);
      try {
        thread.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
