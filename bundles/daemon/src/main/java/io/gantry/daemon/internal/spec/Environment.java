// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A process's environment: Docker's defaults, then the container's variables. */
public final class Environment {
  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private Environment() {}

  static List<String> of(String hostname, boolean terminal, List<String> container) {
    List<String> defaults = new ArrayList<>(List.of(PATH, "HOSTNAME=" + hostname));
    if (terminal) {
      defaults.add("TERM=xterm");
    }
    return replaceOrAppend(defaults, container);
  }

  /** A variable keeps its place when it is overridden; a name without a value takes it away. */
  public static List<String> replaceOrAppend(List<String> base, List<String> overrides) {
    Map<String, String> merged = new LinkedHashMap<>();
    base.forEach(variable -> merged.put(name(variable), variable));
    for (String variable : overrides) {
      if (variable.indexOf('=') < 0) {
        merged.remove(variable);
      } else {
        merged.put(name(variable), variable);
      }
    }
    return List.copyOf(merged.values());
  }

  public static String name(String variable) {
    int equals = variable.indexOf('=');
    return equals < 0 ? variable : variable.substring(0, equals);
  }
}
