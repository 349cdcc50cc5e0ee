// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A mount table in memory. */
final class FakeMounter implements Mounter {
  final List<Path> table = new ArrayList<>();
  final List<String> calls = new ArrayList<>();
  String refusal;

  @Override
  public void mount(String source, Path target, String type, long flags, String data) {
    if (refusal != null) {
      throw new MountRefused(refusal, null);
    }
    calls.add("%s %s %s %x %s".formatted(source, target.getFileName(), type, flags, data).strip());
    if (!type.isEmpty()) {
      table.add(target);
    }
  }

  @Override
  public void unmount(Path target) {
    table.remove(target);
  }

  @Override
  public List<Path> mountPointsBelow(Path directory) {
    return table.stream().filter(mount -> mount.startsWith(directory)).toList();
  }
}
