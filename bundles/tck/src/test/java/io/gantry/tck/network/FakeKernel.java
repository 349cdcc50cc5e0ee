// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.network;

import io.gantry.tck.network.TestNamespace.Peer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Bridges, veth pairs and namespaces in memory. */
final class FakeKernel {
  /** One veth pair. */
  record Pair(String hostEnd, Namespace namespace, Peer peer) {}

  final List<String> bridges = new ArrayList<>();
  final TreeMap<String, Pair> pairs = new TreeMap<>();
  private final List<Namespace> namespaces = new ArrayList<>();

  TestNamespace newNamespace() {
    Namespace namespace = new Namespace(Path.of("/netns/" + namespaces.size()));
    namespaces.add(namespace);
    return namespace;
  }

  Namespace namespace(Path path) {
    return namespaces.stream().filter(n -> n.path().equals(path)).findFirst().orElseThrow();
  }

  List<String> hostLinks() {
    List<String> links = new ArrayList<>(bridges);
    links.addAll(pairs.keySet());
    return links;
  }

  /** A namespace in memory. */
  final class Namespace implements TestNamespace {
    private final Path path;

    Namespace(Path path) {
      this.path = path;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public List<Peer> links() {
      return pairs.values().stream().filter(p -> p.namespace() == this).map(Pair::peer).toList();
    }

    @Override
    public void close() {
      pairs.values().removeIf(p -> p.namespace() == this);
    }
  }
}
