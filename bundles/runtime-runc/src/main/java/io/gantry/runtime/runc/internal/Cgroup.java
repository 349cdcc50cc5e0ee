// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A container's cgroup: one directory in each v1 hierarchy, or one in the v2 hierarchy. */
abstract class Cgroup {
  private static final int O_WRONLY = 1;
  private static final long RETRY_NANOS = 1_000_000;
  private static final int RETRIES = 500;

  /** Makes the directories and sets the limits. */
  abstract void create(RuntimeSpec.Resources resources);

  /** The files that a process writes {@code 0} to in order to join. */
  final List<String> entranceFiles() {
    return directories().stream().map(d -> d.resolve(entranceFile()).toString()).toList();
  }

  /** Those files, open. */
  final List<Fd> entrances() {
    List<Fd> fds = new ArrayList<>();
    try {
      for (String file : entranceFiles()) {
        fds.add(Syscalls.open(file, O_WRONLY, 0));
      }
      return fds;
    } catch (RuntimeException e) {
      fds.forEach(Fd::close);
      throw e;
    }
  }

  abstract String entranceFile();

  abstract List<Path> directories();

  abstract CgroupMounts mounts(boolean ownNamespace);

  /** Ends all processes of the group. */
  abstract void killAll();

  List<Integer> processes() {
    List<Path> directories = directories();
    try {
      return Files.readAllLines(directories.get(0).resolve("cgroup.procs")).stream()
          .map(Integer::valueOf)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      // ENODEV: the group was removed while it was read
      return List.of();
    }
  }

  /** Removes the directories; not being there is not an error. */
  final void remove() {
    for (Path directory : directories()) {
      remove(directory);
    }
  }

  private static void remove(Path directory) {
    for (int attempt = 0; ; attempt++) {
      try {
        Files.deleteIfExists(directory);
        return;
      } catch (DirectoryNotEmptyException e) {
        // what the container made inside, if it could
        try (var children = Files.newDirectoryStream(directory, Files::isDirectory)) {
          for (Path child : children) {
            remove(child);
          }
        } catch (IOException again) {
          // the next attempt tells
        }
      } catch (FileSystemException e) {
        // EBUSY: a process that has been reaped has not left yet
        if (attempt == RETRIES) {
          throw EngineException.internal(
              "cannot remove the cgroup " + directory + ": " + e.getReason(), e);
        }
        LockSupport.parkNanos(RETRY_NANOS);
      } catch (IOException e) {
        throw EngineException.internal(
            "cannot remove the cgroup " + directory + ": " + e.getMessage(), e);
      }
      if (attempt > RETRIES) {
        throw EngineException.internal(
            "cannot remove the cgroup " + directory + ": it is still in use", null);
      }
    }
  }

  static void write(Path file, String value) {
    try {
      // One write(2), no O_CREAT and no O_TRUNC: cgroupfs knows neither.
      Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw EngineException.invalid(
          "cannot set "
              + file.getFileName()
              + " to "
              + value
              + ": this kernel or hierarchy does not have that control");
    } catch (IOException e) {
      String reason =
          e instanceof FileSystemException f && f.getReason() != null
              ? f.getReason()
              : e.getMessage();
      throw EngineException.invalid("failed to write \"" + value + "\" to " + file + ": " + reason);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII).trim();
    } catch (IOException e) {
      throw EngineException.internal("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static void makeDirectories(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw EngineException.internal(
          "cannot make the cgroup " + directory + ": " + e.getMessage(), e);
    }
  }
}
