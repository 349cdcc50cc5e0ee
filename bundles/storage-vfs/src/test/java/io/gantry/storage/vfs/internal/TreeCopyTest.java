// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.vfs.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with what GNU find says of a tree and of its copy. */
@Tag("root")
class TreeCopyTest {
  private static final String SCRIPT =
      """
      set -e
      mkdir -p d/e; chmod 1777 d; chmod 2750 d/e; chown 12:34 d/e
      echo content > d/file; chown 1000:1001 d/file; chmod 4755 d/file
      ln d/file d/e/other-name
      ln -s file d/link; chown -h 5:6 d/link; touch -h -d '2001-01-01 00:00:00.123456789 UTC' d/link
      ln -s /nowhere broken
      mkfifo -m 640 fifo; mknod -m 600 null c 1 3; mknod block b 7 99
      mknod whiteout c 0 0
      printf x > "$(printf 'n\\303\\251\\377')"
      truncate -s 1M sparse
      python3 - <<'PY'
      import os
      os.setxattr("d/file", "security.capability", bytes.fromhex("0100000280000000" + "00" * 12))
      os.setxattr("d/file", "user.note", b"\\xff\\x00\\x01")
      os.setxattr("d", "user.note", b"directory")
      PY
      touch -d '2002-02-02 02:02:02.987654321 UTC' d/file
      touch -d '2003-03-03 03:03:03.111111111 UTC' d/e
      touch -d '2004-04-04 04:04:04.222222222 UTC' d
      """;

  private static final String LISTING =
      """
      find . -printf '%P %y %m %U %G %s %T@ %l %n\\n' | grep -v '^ ' | sed 's/ d \\([0-9]* [0-9]* [0-9]*\\) [0-9]*/ d \\1 -/' | sort
      find . -type b -o -type c | sort | xargs stat -c '%n %t:%T'
      python3 - <<'PY'
      import os
      for base, directories, files in os.walk(b"."):
          for name in sorted(directories + files):
              path = os.path.join(base, name)
              for key in sorted(os.listxattr(path, follow_symlinks=False)):
                  print(path, key, os.getxattr(path, key, follow_symlinks=False))
      PY
      """;

  @Test
  void aCopyIsTheSameInEverything(@TempDir Path directory) throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    run(tree, SCRIPT);
    Path copy = directory.resolve("copy");
    TreeCopy.of(tree, copy);
    String expected = run(tree, LISTING);
    assertTrue(expected.contains("security.capability"), expected);
    assertEquals(expected, run(copy, LISTING));
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
