// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.error.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges the options of {@code --tmpfs} with the default ones. */
public final class TmpfsOptions {
  private static final List<String> DEFAULT = List.of("noexec", "nosuid", "nodev", "rprivate");

  /** What an option takes the place of. */
  private static final Map<String, Set<String>> OPPOSITES =
      Map.ofEntries(
          Map.entry("exec", Set.of("noexec")),
          Map.entry("noexec", Set.of("exec")),
          Map.entry("suid", Set.of("nosuid")),
          Map.entry("nosuid", Set.of("suid")),
          Map.entry("dev", Set.of("nodev")),
          Map.entry("nodev", Set.of("dev")),
          Map.entry("ro", Set.of("rw")),
          Map.entry("rw", Set.of("ro")),
          Map.entry("sync", Set.of("async")),
          Map.entry("async", Set.of("sync")),
          Map.entry("atime", Set.of("noatime")),
          Map.entry("noatime", Set.of("atime")),
          Map.entry("diratime", Set.of("nodiratime")),
          Map.entry("nodiratime", Set.of("diratime")),
          Map.entry("relatime", Set.of("norelatime")),
          Map.entry("norelatime", Set.of("relatime")),
          Map.entry("strictatime", Set.of("nostrictatime")),
          Map.entry("nostrictatime", Set.of("strictatime")),
          Map.entry("dirsync", Set.of()),
          Map.entry("defaults", Set.of()));

  private static final Set<String> PROPAGATIONS =
      Set.of("private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable");
  private static final Set<String> DATA =
      Set.of("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol");

  private TmpfsOptions() {}

  /**
   * @param options comma separated, may be empty
   * @throws EngineException INVALID for an unknown one
   */
  public static List<String> merge(String options) {
    List<String> merged = new ArrayList<>(DEFAULT);
    for (String option : options.split(",", -1)) {
      if (option.isEmpty()) {
        continue;
      }
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      if (equals >= 0 && DATA.contains(key)) {
        merged.removeIf(other -> other.startsWith(key + "="));
        merged.add(option);
      } else if (OPPOSITES.containsKey(option)) {
        merged.removeAll(OPPOSITES.get(option));
        if (!merged.contains(option)) {
          merged.add(option);
        }
      } else if (PROPAGATIONS.contains(option)) {
        merged.removeAll(PROPAGATIONS);
        merged.add(option);
      } else {
        throw EngineException.invalid("invalid tmpfs option [\"" + option + "\"]");
      }
    }
    return merged;
  }
}
