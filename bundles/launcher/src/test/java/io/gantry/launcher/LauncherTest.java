// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
  @TempDir Path directory;

  @Test
  void flagsAreReadInEveryFormThatDockerdTakes() throws Exception {
    Map<String, List<String>> flags =
        CommandLine.parse(
            List.of(
                "-H",
                "unix:///a",
                "--host=tcp://127.0.0.1:1",
                "-D",
                "--data-root",
                "/x",
                "-ldebug"));
    assertEquals(List.of("unix:///a", "tcp://127.0.0.1:1"), flags.get("host"));
    assertEquals(List.of("true"), flags.get("debug"));
    assertEquals(List.of("/x"), flags.get("data-root"));
    assertEquals(List.of("debug"), flags.get("log-level"));
  }

  @Test
  void wrongFlagsAreRefusedInDockerdsWords() {
    assertWrong("unknown flag: --nope\n", "--nope");
    assertWrong("unknown shorthand flag: 'z' in -z\n", "-z");
    assertWrong("flag needs an argument: --host\n", "--host");
    assertWrong("flag needs an argument: 'H' in -H\n", "-H");
    assertWrong("invalid argument \"maybe\" for \"--debug=maybe\" flag", "--debug=maybe");
    assertWrong("\"gantryd\" accepts no arguments.", "word");
  }

  private static void assertWrong(String message, String... arguments) {
    UsageException wrong =
        assertThrows(UsageException.class, () -> CommandLine.parse(List.of(arguments)));
    assertTrue(wrong.getMessage().startsWith(message), wrong.getMessage());
  }

  @Test
  void daemonJsonHasDockersKeys() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("daemon.json"),
            "{\"debug\": true, \"hosts\": [\"unix:///a\"], \"log-opts\": {\"max-size\": \"1m\"}, \"data-root\": \"/\\u0078\"}");
    assertEquals(
        Map.of(
            "debug", List.of("true"),
            "host", List.of("unix:///a"),
            "log-opt", List.of("max-size=1m"),
            "data-root", List.of("/x")),
        ConfigurationFile.read(file, true));
  }

  @Test
  void whatIsWrongInDaemonJsonIsNamed() throws Exception {
    Path unknown =
        Files.writeString(directory.resolve("unknown"), "{\"nope\": 1, \"debug\": true}");
    assertTrue(
        assertThrows(UsageException.class, () -> ConfigurationFile.read(unknown, true))
            .getMessage()
            .endsWith("the following directives don't match any configuration option: nope"));
    Path broken = Files.writeString(directory.resolve("broken"), "{\"debug\": }");
    assertTrue(
        assertThrows(UsageException.class, () -> ConfigurationFile.read(broken, true))
            .getMessage()
            .contains("invalid JSON at character 10"));
    Path missing = directory.resolve("missing");
    assertThrows(UsageException.class, () -> ConfigurationFile.read(missing, true));
    assertEquals(Map.of(), ConfigurationFile.read(missing, false));
  }

  @Test
  void aKeyInFlagAndFileStopsTheStart() {
    UsageException conflict =
        assertThrows(
            UsageException.class,
            () ->
                ConfigurationFile.refuseConflicts(
                    Map.of("debug", List.of("true")),
                    Map.of("debug", List.of("false")),
                    Path.of("/f")));
    assertTrue(
        conflict
            .getMessage()
            .endsWith(
                "specified both as a flag and in the configuration file: debug: (from flag: [true], from file: [false])"));
  }

  @Test
  void anotherInstallationClearsTheBundleCache() throws Exception {
    Path home = Files.createDirectories(directory.resolve("home"));
    for (String part : List.of("etc", "lib", "system")) {
      Files.createDirectories(home.resolve(part));
    }
    Files.writeString(home.resolve("etc/a.cfg"), "one");
    Instance instance = new Instance(home, directory.resolve("data"));
    assertTrue(instance.lock());
    instance.prepare();
    Path cached = Files.createDirectories(instance.data().resolve("cache/bundle1"));
    instance.prepare();
    assertTrue(Files.exists(cached), "the same installation keeps it");
    Files.writeString(home.resolve("system/new.jar"), "x");
    instance.prepare();
    assertFalse(Files.exists(cached), "another one does not");
    assertEquals("one", Files.readString(instance.etc().resolve("a.cfg")));
  }
}
