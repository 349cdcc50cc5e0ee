// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The images that end-to-end tests use, made from the host's static busybox. */
public final class TestImages {
  private static final String PATH =
      "\"Env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"]";

  private final Path directory;
  private final List<String> digests = new ArrayList<>();
  private final List<Path> archives = new ArrayList<>();

  private TestImages(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes the archives.
   *
   * <ul>
   *   <li>{@code busybox}: one layer, command {@code sh}
   *   <li>{@code t/special}: entrypoint, user, volume, working directory, stop signal, labels, a
   *       port
   *   <li>{@code t/layers}: whiteouts: a file and a directory of the first layer deleted, one
   *       directory made opaque, one file replaced by the second
   *   <li>{@code t/bare}: no command and no entrypoint
   *   <li>{@code t/nothing}: a command that the image lacks
   * </ul>
   */
  public static TestImages writeTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    TestImages images = new TestImages(directory);
    images.add("busybox", base("busybox:latest", PATH + ",\"Cmd\":[\"sh\"]"));
    images.add(
        "special",
        base(
                "t/special:1",
                PATH.replace("]", ",\"COLOUR=blue\"]")
                    + """
                    ,"Entrypoint":["/bin/echo","entry"],"Cmd":["default","words"],\
                    "User":"daemon:adm","Volumes":{"/data":{}},"WorkingDir":"/work/dir",\
                    "StopSignal":"SIGUSR1","Labels":{"made.by":"tests","note":"a \\"quoted\\" one"},\
                    "ExposedPorts":{"80/tcp":{}}""")
            .layer(
                layer ->
                    layer
                        .directory("data", 0755, 1)
                        .file("data/seed", 0644, "seeded\n")
                        .directory("work", 0755)
                        .directory("work/dir", 0755)));
    images.add(
        "layers",
        base("t/layers:1", PATH + ",\"Cmd\":[\"cat\",\"/tree/replaced\"]")
            .layer(
                layer ->
                    layer
                        .directory("tree", 0755)
                        .file("tree/deleted", 0644, "below\n")
                        .file("tree/replaced", 0644, "below\n")
                        .directory("tree/gone", 0755)
                        .file("tree/gone/file", 0644, "below\n")
                        .directory("tree/opaque", 0755)
                        .file("tree/opaque/hidden", 0644, "below\n")
                        .file("tree/kept", 0600, "kept\n"))
            .layer(
                layer ->
                    layer
                        .directory("tree", 0750)
                        .file("tree/.wh.deleted", 0, "")
                        .file("tree/replaced", 0640, "above\n")
                        .file("tree/.wh.gone", 0, "")
                        .directory("tree/opaque", 0755)
                        .file("tree/opaque/.wh..wh..opq", 0, "")
                        .file("tree/opaque/new", 0644, "above\n")));
    images.add("bare", base("t/bare:1", PATH));
    images.add("nothing", base("t/nothing:1", PATH + ",\"Cmd\":[\"/no/such/program\"]"));
    return images;
  }

  /** All image ids and layer digests, bare hexadecimal: the same on every engine. */
  public List<String> digests() {
    return List.copyOf(digests);
  }

  /** Where {@code NAME.tar} lies for each image. */
  public Path directory() {
    return directory;
  }

  /** Loads all of them. */
  public void loadInto(TestEngine engine) {
    for (Path archive : archives) {
      engine.docker("load", "-q", "-i", archive.toString());
    }
  }

  /** Loads plain busybox alone. */
  public void loadBusyboxInto(TestEngine engine) {
    engine.docker("load", "-q", "-i", directory.resolve("busybox.tar").toString());
  }

  private void add(String name, ImageArchive image) throws IOException {
    Path file = directory.resolve(name + ".tar");
    digests.addAll(image.writeTo(file));
    archives.add(file);
  }

  private static ImageArchive base(String reference, String config) throws IOException {
    byte[] busybox = Files.readAllBytes(busybox());
    List<String> applets = Shell.run(busybox().toString(), "--list").lines().toList();
    return new ImageArchive(reference, config)
        .layer(
            layer -> {
              for (String name :
                  List.of("bin", "etc", "root", "proc", "sys", "dev", "var", "home")) {
                layer.directory(name, 0755);
              }
              layer.directory("tmp", 01777);
              layer.file("bin/busybox", 0755, busybox);
              for (String applet : applets) {
                if (!applet.equals("busybox")) {
                  layer.link("bin/" + applet, "busybox");
                }
              }
              layer.file(
                  "etc/passwd",
                  0644,
                  """
                  root:x:0:0:root:/root:/bin/sh
                  daemon:x:1:1:daemon:/usr/sbin:/bin/false
                  nobody:x:65534:65534:nobody:/home:/bin/false
                  """);
              layer.file(
                  "etc/group",
                  0644,
                  "root:x:0:\ndaemon:x:1:\nadm:x:4:daemon\nwheel:x:10:root\nnogroup:x:65534:\n");
            });
  }

  private static Path busybox() {
    for (String path : List.of("/bin/busybox", "/usr/bin/busybox")) {
      if (Files.isExecutable(Path.of(path))) {
        return Path.of(path);
      }
    }
    throw new AssertionError("no busybox on this host: apt-get install busybox-static");
  }
}
