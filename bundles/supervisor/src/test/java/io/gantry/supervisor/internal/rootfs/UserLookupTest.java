// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.linux.Syscalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserLookupTest {
  @TempDir Path directory;
  private RootDirectory root;

  @BeforeEach
  void files() throws Exception {
    Path etc = Files.createDirectories(directory.resolve("etc"));
    Files.writeString(
        etc.resolve("passwd"),
        "# comment\nroot:x:0:0:root:/root:/bin/sh\nkim:x:1000:1001:Kim:/home/kim:/bin/sh\nodd\n");
    Files.writeString(
        etc.resolve("group"), "root:x:0:\nkim:x:1001:\nstaff:x:50:lee,kim\nwheel:x:10:root\n");
    root =
        new RootDirectory(
            Syscalls.open(directory.toString(), Openat2.O_PATH | Openat2.O_DIRECTORY, 0));
  }

  @AfterEach
  void close() {
    root.close();
  }

  private UserLookup.Resolved resolve(String user, String... groups) {
    return new UserLookup(root).resolve(user, List.of(groups));
  }

  private static RuntimeSpec.User user(long uid, long gid, Long... additional) {
    return new RuntimeSpec.User(uid, gid, List.of(additional));
  }

  @Test
  void namesAndNumbers() {
    assertEquals(user(1000, 1001, 1001L, 50L), resolve("kim").user());
    assertEquals("/home/kim", resolve("kim").home());
    assertEquals(user(1000, 1001, 1001L, 50L), resolve("1000").user());
    assertEquals(user(0, 0, 0L, 10L), resolve("").user());
    assertEquals("/root", resolve(null).home());
    assertEquals(user(77, 0, 0L), resolve("77").user());
    assertEquals(user(1000, 50, 50L), resolve("kim:staff").user());
    assertEquals(user(77, 88, 88L), resolve("77:88").user());
    assertEquals(user(77, 0, 0L, 50L, 99L), resolve("77", "staff", "99").user());
  }

  @Test
  void messagesAsDockerHasThem() {
    assertMessage("unable to find user foo: no matching entries in passwd file", "foo");
    assertMessage("unable to find group foo: no matching entries in group file", "kim:foo");
    assertMessage("Unable to find group foo: no matching entries in group file", "kim", "foo");
    assertMessage("uids and gids must be in range 0-2147483647", "4294967295");
  }

  private void assertMessage(String message, String user, String... groups) {
    assertEquals(
        message, assertThrows(EngineException.class, () -> resolve(user, groups)).getMessage());
  }

  @Test
  void withoutFilesNumbersStillWork() throws Exception {
    Files.delete(directory.resolve("etc/passwd"));
    Files.delete(directory.resolve("etc/group"));
    assertEquals(user(5, 6, 6L), resolve("5:6").user());
    assertEquals(user(0, 0, 0L), resolve("").user());
  }

  @Test
  void linksStayWithinTheRoot() throws Exception {
    Path passwd = directory.resolve("etc/passwd");
    Files.move(passwd, directory.resolve("real"));
    Files.createSymbolicLink(passwd, Path.of("/../../real"));
    assertEquals(1000, resolve("kim").user().uid());
  }
}
