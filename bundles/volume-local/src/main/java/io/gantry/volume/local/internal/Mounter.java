// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import java.nio.file.Path;

/** What the driver asks of the kernel. */
interface Mounter {
  /**
   * mount(2).
   *
   * @throws MountRefused if the kernel says no
   */
  void mount(String source, Path target, String type, long flags, String data);

  /** Detaches what is mounted on top; nothing being mounted there is not an error. */
  void unmount(Path target);

  /** The mount points of this process's mount namespace at or below a directory. */
  java.util.List<Path> mountPointsBelow(Path directory);

  /** The kernel said no; the message is the one of its error number. */
  final class MountRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MountRefused(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
