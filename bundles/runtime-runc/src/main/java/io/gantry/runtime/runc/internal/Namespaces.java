// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.RuntimeSpec.Namespace;
import io.gantry.api.runtime.RuntimeSpec.NamespaceType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The namespaces of a container as flags of clone(2), and those that it joins by path. */
record Namespaces(long created, Map<NamespaceType, String> joined) {
  static final long NEWNS = 0x00020000;
  static final long NEWCGROUP = 0x02000000;
  static final long NEWPID = 0x20000000;

  private static final Map<NamespaceType, Long> FLAGS =
      Map.of(
          NamespaceType.MOUNT,
          NEWNS,
          NamespaceType.CGROUP,
          NEWCGROUP,
          NamespaceType.UTS,
          0x04000000L,
          NamespaceType.IPC,
          0x08000000L,
          NamespaceType.PID,
          NEWPID,
          NamespaceType.NETWORK,
          0x40000000L);

  Namespaces {
    joined = Map.copyOf(joined);
  }

  static Namespaces of(List<Namespace> namespaces) {
    long created = 0;
    Map<NamespaceType, String> joined = new EnumMap<>(NamespaceType.class);
    for (Namespace namespace : namespaces) {
      if (!FLAGS.containsKey(namespace.type())) {
        throw EngineException.unsupported(
            "this runtime does not make "
                + namespace.type()
                + " namespaces yet; leave it out of the spec");
      }
      if (namespace.path() == null) {
        created |= FLAGS.get(namespace.type());
      } else {
        joined.put(namespace.type(), namespace.path());
      }
    }
    if ((created & NEWNS) == 0) {
      throw EngineException.invalid(
          "the runtime spec has no mount namespace of its own, which a root file system needs");
    }
    return new Namespaces(created, joined);
  }

  static long flag(NamespaceType type) {
    return FLAGS.get(type);
  }

  /** All that differ from the host's: what an exec process joins. */
  long all() {
    long flags = created;
    for (NamespaceType type : joined.keySet()) {
      flags |= flag(type);
    }
    return flags;
  }
}
