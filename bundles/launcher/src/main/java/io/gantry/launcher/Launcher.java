// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code gantryd}: reads flags and daemon.json, prepares the instance, and starts the framework in
 * this JVM.
 */
public final class Launcher {
  private static final int USAGE_EXIT = 125;
  private static final String DEFAULT_DATA_ROOT = "/var/lib/gantry";
  private static final String DEFAULT_EXEC_ROOT = "/run/gantry";
  private static final String DEFAULT_HOST = "unix:///run/gantry.sock";
  private static final String DEFAULT_CONFIG = "/etc/gantry/daemon.json";

  private Launcher() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, List<String>> values;
    try {
      Map<String, List<String>> flags = CommandLine.parse(List.of(arguments));
      if (flags.containsKey("help")) {
        System.out.print(CommandLine.usage());
        return;
      }
      if (flags.containsKey("version")) {
        System.out.println("Gantry version " + version());
        return;
      }
      values = settings(flags);
    } catch (UsageException e) {
      System.err.println(e.getMessage());
      System.exit(USAGE_EXIT);
      return;
    }
    start(values, arguments);
  }

  private static String version() {
    String version = Launcher.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0" : version;
  }

  private static Map<String, List<String>> settings(Map<String, List<String>> flags)
      throws UsageException {
    Path file = Path.of(first(flags, "config-file", DEFAULT_CONFIG));
    Map<String, List<String>> fromFile =
        ConfigurationFile.read(file, flags.containsKey("config-file"));
    ConfigurationFile.refuseConflicts(flags, fromFile, file);
    Map<String, List<String>> values = new LinkedHashMap<>(fromFile);
    values.putAll(flags);
    values.putIfAbsent("host", List.of(DEFAULT_HOST));
    for (String host : values.get("host")) {
      check(host);
    }
    return values;
  }

  private static void check(String host) throws UsageException {
    boolean unix = host.startsWith("unix://");
    boolean loopback = host.matches("tcp://(127\\.[0-9.]+|localhost|\\[::1\\]):[0-9]+");
    if (!unix && !loopback) {
      throw new UsageException(
          "cannot listen on "
              + host
              + ": give unix://PATH, or tcp://127.0.0.1:PORT; other addresses need TLS, which is not built yet");
    }
  }

  private static String first(Map<String, List<String>> values, String name, String otherwise) {
    List<String> given = values.get(name);
    return given == null || given.isEmpty() ? otherwise : given.get(0);
  }

  private static void start(Map<String, List<String>> values, String[] arguments) throws Exception {
    Path home = Path.of(System.getProperty("karaf.home"));
    Path dataRoot = absolute(first(values, "data-root", DEFAULT_DATA_ROOT));
    Path execRoot = absolute(first(values, "exec-root", DEFAULT_EXEC_ROOT));
    Instance instance = new Instance(home, dataRoot);
    try {
      Files.createDirectories(dataRoot);
      Files.createDirectories(execRoot);
      if (!instance.lock()) {
        System.err.println(
            "another engine runs on "
                + dataRoot
                + ": stop it first, or give this one a data root of its own with --data-root");
        System.exit(1);
      }
      instance.prepare();
    } catch (IOException e) {
      System.err.println(
          "cannot prepare "
              + dataRoot
              + " and "
              + execRoot
              + ": "
              + e.getMessage()
              + "; the engine needs to write there, as root");
      System.exit(1);
    }
    System.setProperty("karaf.base", instance.base().toString());
    System.setProperty("karaf.data", instance.data().toString());
    System.setProperty("karaf.etc", instance.etc().toString());
    System.setProperty("karaf.log", instance.data().resolve("log").toString());
    System.setProperty("karaf.instances", instance.base().resolve("instances").toString());
    System.setProperty("java.io.tmpdir", instance.data().resolve("tmp").toString());
    System.setProperty(
        "java.util.logging.config.file",
        instance.etc().resolve("java.util.logging.properties").toString());
    System.setProperty("karaf.shutdown.port", "-1");
    System.setProperty("karaf.startLocalConsole", "false");
    System.setProperty("karaf.startRemoteShell", "false");
    System.setProperty("karaf.lock", "false");
    System.setProperty("gantry.data.root", dataRoot.toString());
    System.setProperty("gantry.exec.root", execRoot.toString());
    System.setProperty(
        "gantry.log.level",
        "true".equals(first(values, "debug", "false"))
            ? "DEBUG"
            : first(values, "log-level", "info").toUpperCase(java.util.Locale.ROOT));
    values.forEach(
        (name, list) -> System.setProperty("gantry.flag." + name, String.join("\n", list)));
    org.apache.karaf.main.Main main = new org.apache.karaf.main.Main(arguments);
    main.launch();
    main.awaitShutdown();
    System.exit(main.getExitCode());
  }

  private static Path absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize();
  }
}
