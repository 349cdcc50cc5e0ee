// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ContainerDetails.ContainerFiles;
import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** {@code containers/ID} below the data root: hosts, hostname, resolv.conf and the log. */
final class ContainerDirectory {
  private final Path root;

  ContainerDirectory(Path dataRoot) {
    this.root = dataRoot.resolve("containers");
  }

  Path of(String id) {
    return root.resolve(id);
  }

  ContainerFiles files(ContainerRecord record) {
    Path directory = of(record.id());
    boolean started = record.state().startedAt() != null;
    boolean log = record.spec().log().driver().equals("json-file");
    return new ContainerFiles(
        started ? directory.resolve("resolv.conf").toString() : "",
        started ? directory.resolve("hostname").toString() : "",
        started ? directory.resolve("hosts").toString() : "",
        log && started ? directory.resolve(record.id() + "-json.log").toString() : "");
  }

  void delete(String id) {
    Path directory = of(id);
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw EngineException.internal("cannot remove " + directory + ": " + e.getMessage(), e);
    }
  }
}
