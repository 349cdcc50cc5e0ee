// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of a host belongs to one engine: mounts, processes, links, rules, cgroups, files. Taken
 * before and after a test, it shows what the test left.
 *
 * <p>Only what can be told to be this engine's is looked at: other work on the machine does not
 * fail a test.
 */
public final class HostSnapshot {
  /** Counters of rules and generated handles change without anybody's doing. */
  private static final Pattern COUNTER = Pattern.compile("packets \\d+ bytes \\d+|# handle \\d+");

  private static final long GRACE_MILLIS = 5000;

  private final Map<String, SortedSet<String>> kinds;

  private HostSnapshot(Map<String, SortedSet<String>> kinds) {
    this.kinds = kinds;
  }

  /**
   * What to look at.
   *
   * @param root the engine's directory
   * @param network where its links and rules are
   * @param cgroup tells its cgroups, by their path
   * @param file tells the files below {@code root} that tests must not leave; what an engine keeps
   *     for itself (database, bundle cache, logs) is not among them
   * @param process tells which processes to look at
   */
  public record Scope(
      Path root,
      NetworkSandbox network,
      Predicate<String> cgroup,
      Predicate<Path> file,
      Predicate<Long> process) {
    /** The scope of an engine; everything but its own books is looked at. */
    public static Scope of(TestEngine engine, NetworkSandbox network, String cgroupParent) {
      Predicate<Path> files =
          path -> {
            String name = path.toString();
            return !(name.contains("/karaf")
                || name.contains("gantry.db")
                || name.endsWith("/log"));
          };
      return new Scope(
          engine.root(),
          network,
          path -> path.contains("/" + cgroupParent + "/"),
          files,
          pid -> true);
    }

    /** The same, but for one process: an engine that is restarted is another one. */
    public Scope ignoringProcess(long ignored) {
      return new Scope(root, network, cgroup, file, pid -> process.test(pid) && pid != ignored);
    }
  }

  /** Looks now. */
  public static HostSnapshot take(Scope scope) {
    Map<String, SortedSet<String>> kinds = new LinkedHashMap<>();
    kinds.put("mounts", mounts(scope));
    kinds.put("processes", processes(scope));
    kinds.put("links", inNetwork(scope, "ip", "-o", "link"));
    kinds.put("rules", inNetwork(scope, "nft", "list", "ruleset"));
    kinds.put("cgroups", tree(Path.of("/sys/fs/cgroup"), path -> scope.cgroup().test("" + path)));
    kinds.put("files", tree(scope.root(), scope.file()));
    return new HostSnapshot(kinds);
  }

  /**
   * Fails if anything is there that was not before, or the other way round. What is cleared away
   * after the answer (a network namespace's end, a quarantined snapshot) has a short grace.
   */
  public void assertSameNow(Scope scope) {
    long deadline = System.currentTimeMillis() + GRACE_MILLIS;
    List<String> changes = changesTo(take(scope));
    while (!changes.isEmpty() && System.currentTimeMillis() < deadline) {
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      changes = changesTo(take(scope));
    }
    if (!changes.isEmpty()) {
      throw new AssertionError("the host is not as before:\n" + String.join("\n", changes));
    }
  }

  /** One line for each thing that is new or gone. */
  public List<String> changesTo(HostSnapshot later) {
    List<String> changes = new ArrayList<>();
    kinds.forEach(
        (kind, before) -> {
          SortedSet<String> now = later.kinds.get(kind);
          now.stream()
              .filter(x -> !before.contains(x))
              .forEach(x -> changes.add("+ " + kind + ": " + x));
          before.stream()
              .filter(x -> !now.contains(x))
              .forEach(x -> changes.add("- " + kind + ": " + x));
        });
    return changes;
  }

  private static SortedSet<String> mounts(Scope scope) {
    SortedSet<String> found = new TreeSet<>();
    for (String line : read(Path.of("/proc/self/mountinfo")).split("\n")) {
      if (line.contains(scope.root().toString())) {
        String[] fields = line.split(" ");
        found.add(fields[4] + " " + line.substring(line.indexOf(" - ") + 3));
      }
    }
    return found;
  }

  /** Processes with the root in their command line or mounts, or in the engine's network. */
  private static SortedSet<String> processes(Scope scope) {
    String network = inode(scope.network().path());
    SortedSet<String> found = new TreeSet<>();
    for (Path process : numbered(Path.of("/proc"))) {
      String command = read(process.resolve("cmdline")).replace('\0', ' ').trim();
      boolean ours =
          command.contains(scope.root().toString())
              || !command.isEmpty() && inode(process.resolve("ns/net")).equals(network)
              || read(process.resolve("mountinfo")).contains(scope.root() + "/data")
                  && !inode(process.resolve("ns/mnt")).equals(inode(Path.of("/proc/self/ns/mnt")));
      long pid = Long.parseLong(process.getFileName().toString());
      if (ours && pid != ProcessHandle.current().pid() && scope.process().test(pid)) {
        found.add(process.getFileName() + " " + command);
      }
    }
    return found;
  }

  private static SortedSet<String> inNetwork(Scope scope, String... command) {
    List<String> entered = new ArrayList<>(List.of("nsenter", "--net=" + scope.network().path()));
    entered.addAll(List.of(command));
    SortedSet<String> found = new TreeSet<>();
    for (String line : Shell.run(entered.toArray(String[]::new)).split("\n")) {
      found.add(COUNTER.matcher(line).replaceAll(""));
    }
    return found;
  }

  private static SortedSet<String> tree(Path root, Predicate<Path> wanted) {
    SortedSet<String> found = new TreeSet<>();
    List<Path> todo = new ArrayList<>(List.of(root));
    while (!todo.isEmpty()) {
      Path directory = todo.remove(todo.size() - 1);
      // Entries vanish while we look: a directory that is gone is simply not listed.
      try (Stream<Path> entries = Files.list(directory)) {
        for (Path entry : entries.toList()) {
          boolean folder = Files.isDirectory(entry, java.nio.file.LinkOption.NOFOLLOW_LINKS);
          if (wanted.test(entry) && (folder || !root.startsWith("/sys"))) {
            found.add(entry.toString());
          }
          if (folder) {
            todo.add(entry);
          }
        }
      } catch (IOException | UncheckedIOException e) {
        continue;
      }
    }
    return found;
  }

  private static List<Path> numbered(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(path -> path.getFileName().toString().matches("\\d+")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String inode(Path path) {
    try {
      return "" + Files.getAttribute(path, "unix:ino");
    } catch (IOException e) {
      return "";
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
