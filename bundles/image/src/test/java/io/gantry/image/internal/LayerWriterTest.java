// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.image.internal.LayerWriter.Whiteouts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("root")
class LayerWriterTest {
  /** What a distribution's root file system has, and a little more. */
  private static final String TREE =
      """
      set -e
      mkdir -p usr/bin usr/lib var/tmp tmp d/e "$(printf 'd/%0120d' 0)/$(printf '%0150d' 0)"
      ln -s usr/bin bin; ln -s usr/lib lib
      chmod 1777 tmp var/tmp; chmod 2750 d/e; chown 12:34 d/e
      echo content > usr/bin/su; chown 0:42 usr/bin/su; chmod 4755 usr/bin/su
      head -c 3000000 /dev/urandom > usr/lib/big
      ln usr/bin/su d/e/other-name
      ln -s "$(printf '%0200d' 0)" d/long-link; chown -h 5:6 d/long-link
      touch -h -d '2001-01-01 00:00:00.123456789 UTC' d/long-link
      echo deep > "$(printf 'd/%0120d' 0)/$(printf '%0150d' 0)/file"
      mkfifo -m 640 fifo; mknod -m 600 null c 1 3; mknod -m 660 block b 7 300
      : > empty
      touch -d '2002-02-02 02:02:02.987654321 UTC' usr/bin/su
      touch -d '1960-02-02 02:02:02 UTC' empty
      touch -d '2003-03-03 03:03:03.111111111 UTC' d/e
      touch -d '2004-04-04 04:04:04.222222222 UTC' d .
      """;

  private static final String PAX_ONLY =
      """
      set -e
      printf x > "$(printf 'n\\303\\251\\377')"
      chown 3000000000:3000000001 empty
      touch -d '1960-02-02 02:02:02 UTC' empty
      python3 - <<'PY'
      import os
      os.setxattr("usr/bin/su", "security.capability", bytes.fromhex("0100000280000000" + "00" * 12))
      os.setxattr("d/e", "user.note", b"\\xff\\x00\\x01\\n=")
      PY
      touch -d '2004-04-04 04:04:04.222222222 UTC' .
      """;

  private static final String LISTING =
      """
      set -e
      find . ! -type d -printf '%P %y %m %U %G %s %T@ %l %n\\n' | LC_ALL=C sort
      find . -type d -printf '%P %y %m %U %G %T@\\n' | LC_ALL=C sort
      find . -type b -o -type c | sort | xargs stat -c '%n %t:%T'
      find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
      python3 - <<'PY'
      import os
      for base, directories, files in os.walk(b"."):
          for name in sorted(directories + files):
              path = os.path.join(base, name)
              for key in sorted(os.listxattr(path, follow_symlinks=False)):
                  print(path, key, os.getxattr(path, key, follow_symlinks=False))
      PY
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"pax", "gnu", "ustar"})
  void unpacksAsGnuTarDoes(String format) throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    run(tree, TREE);
    String attributes = "";
    if (format.equals("pax")) {
      run(tree, PAX_ONLY);
      attributes = " --xattrs --xattrs-include='*'";
    } else if (format.equals("ustar")) {
      run(tree, "rm -r d/long-link d/0*; touch empty; touch -d '2004-04-04 UTC' d .");
    }
    run(tree, "tar --format=" + format + attributes + " -cf ../layer.tar .");
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    run(theirs, "tar --same-owner -p" + attributes + " -xf ../layer.tar");
    Path ours = unpacked("ours", Files.newInputStream(directory.resolve("layer.tar")));
    String expected = run(theirs, LISTING);
    assertEquals(format.equals("pax"), expected.contains("security.capability"), expected);
    assertTrue(expected.contains("usr/bin/su f 4755 0 42"), expected);
    assertEquals(expected, run(ours, LISTING));
  }

  private Path unpacked(String name, InputStream tar) throws IOException {
    Path tree = Files.createDirectory(directory.resolve(name));
    try (tar) {
      LayerWriter.write(tar, tree, Whiteouts.OVERLAY);
    }
    return tree;
  }

  @Test
  void whiteoutsAreDevicesForOverlay() throws Exception {
    TarBytes layer =
        new TarBytes()
            .file("d/.wh.gone", "")
            .directory("o")
            .file("o/.wh..wh..opq", "")
            .file("o/new", "new")
            .file(".wh..wh.plnk", "");
    Path tree = unpacked("tree", layer.stream());
    assertEquals("character special file 0:0 0", run(tree, "stat -c '%F %t:%T %s' d/gone").strip());
    assertEquals(
        "y",
        run(
                tree,
                "python3 -c 'import os; print(os.getxattr(\"o\", \"trusted.overlay.opaque\").decode())'")
            .strip());
    assertEquals(Set.of("d", "o"), names(tree));
    assertEquals(Set.of("new"), names(tree.resolve("o")));
  }

  @Test
  void whiteoutsDeleteWhereTheParentsFilesAre() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    run(tree, "mkdir -p d/sub o/old/deep kept; touch d/gone d/sub/x d/stays o/a o/old/deep/b");
    run(tree, "chmod 700 o");
    TarBytes layer =
        new TarBytes()
            .file("d/.wh.gone", "")
            .file("d/.wh.sub", "")
            .file("d/.wh.never-there", "")
            .file("o/new/file", "before the opaque entry")
            .file("o/.wh..wh..opq", "")
            .file("o/later", "after it");
    LayerWriter.write(layer.stream(), tree, Whiteouts.DELETE);
    assertEquals(Set.of("d", "kept", "o"), names(tree));
    assertEquals(Set.of("stays"), names(tree.resolve("d")));
    assertEquals(Set.of("later", "new"), names(tree.resolve("o")));
    assertEquals(Set.of("file"), names(tree.resolve("o/new")));
    assertEquals("700", run(tree, "stat -c %a o").strip());
  }

  @Test
  void entriesReplaceWhatWasThere() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    run(tree, "mkdir -p d/sub was-directory/x; touch d/kept file was-directory/x/y; ln -s d link");
    TarBytes layer =
        new TarBytes()
            .directory("d", 0700)
            .directory("file")
            .directory("link")
            .file("was-directory", "now a file");
    LayerWriter.write(layer.stream(), tree, Whiteouts.DELETE);
    assertEquals(Set.of("kept", "sub"), names(tree.resolve("d")));
    assertTrue(Files.isDirectory(tree.resolve("file")));
    assertTrue(Files.isDirectory(tree.resolve("link"), LinkOption.NOFOLLOW_LINKS));
    assertEquals("now a file", Files.readString(tree.resolve("was-directory")));
  }

  @Test
  void aSymlinkWithinTheRootIsFollowedForParents() throws Exception {
    TarBytes layer =
        new TarBytes()
            .directory("usr/lib")
            .symlink("lib", "/usr/lib")
            .file("lib/x", "x")
            .symlink("up", "../../../usr")
            .file("up/y", "y");
    Path tree = unpacked("tree", layer.stream());
    assertEquals("x", Files.readString(tree.resolve("usr/lib/x")));
    assertEquals("y", Files.readString(tree.resolve("usr/y")));
  }

  @Test
  void attributesOfOverlayAreNotForLayers() throws Exception {
    TarBytes layer =
        new TarBytes()
            .pax("SCHILY.xattr.trusted.overlay.redirect", "/etc".getBytes(StandardCharsets.UTF_8))
            .directory("d")
            .pax("SCHILY.xattr.trusted.other", "kept".getBytes(StandardCharsets.UTF_8))
            .directory("e");
    Path tree = unpacked("tree", layer.stream());
    String listed =
        run(tree, "python3 -c 'import os; print(os.listxattr(\"d\"), os.listxattr(\"e\"))'");
    assertFalse(listed.contains("overlay"), listed);
    assertTrue(listed.contains("trusted.other"), listed);
  }

  @Test
  void moreDirectoriesThanDescriptorsAreKept() throws Exception {
    TarBytes layer = new TarBytes();
    for (int i = 0; i < 300; i++) {
      layer.file("d" + i % 150 + "/f" + i, "x");
    }
    Path tree = unpacked("tree", layer.stream());
    assertEquals(150, names(tree).size());
    assertEquals(Set.of("f149", "f299"), names(tree.resolve("d149")));
  }

  private static Set<String> names(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String run(Path directory, String script)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
