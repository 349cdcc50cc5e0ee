// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.Drivers.DriverDetails;
import io.gantry.api.engine.LogSink;
import io.gantry.api.engine.LogsRequest;
import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.RuntimeSpec.NamespaceType;
import io.gantry.api.storage.Mount;
import io.gantry.api.storage.Snapshotter;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.StreamType;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.settings.Settings;
import io.gantry.core.state.Durability;
import io.gantry.core.state.StateStore;
import io.gantry.core.state.Table;
import io.gantry.core.task.TaskListener;
import io.gantry.core.task.TaskRequest;
import io.gantry.core.task.TaskRequest.StdinMode;
import io.gantry.log.jsonfile.internal.JsonFileLogDriver;
import io.gantry.runtime.runc.internal.RuncRuntime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** A supervisor with the real runtime and the real log driver on an overlay of busybox. */
final class SupervisorHarness implements AutoCloseable {
  final Path directory;
  final Registry drivers = new Registry();
  final MemoryStore store = new MemoryStore();
  private final StateStore usedStore;
  final Ends ends = new Ends();
  Map<String, String> logOptions = Map.of();
  TaskSupervisor supervisor;

  SupervisorHarness(Path directory) throws IOException {
    this(directory, null);
  }

  /**
   * @param kept a store on disk; null for one in memory
   */
  SupervisorHarness(Path directory, StateStore kept) throws IOException {
    this.directory = directory;
    usedStore = kept == null ? store : kept;
    if (kept != null) {
      ends.file = directory.resolve("ends");
    }
    if (!Files.exists(directory.resolve("image"))) {
      makeImage();
    }
    drivers.put(DriverKind.RUNTIME, "runc", new RuncRuntime());
    drivers.put(DriverKind.LOG, "json-file", new JsonFileLogDriver());
    drivers.put(DriverKind.STORAGE, "test", snapshotter());
    begin();
  }

  private void makeImage() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("image/bin"));
    Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
    for (String applet :
        "sh true false cat id sleep echo head tail seq dd ls stat tty stty grep kill ps yes wc usleep ip"
            .split(" ", -1)) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    Files.createDirectories(directory.resolve("image/etc"));
    Files.writeString(
        directory.resolve("image/etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\nkim:x:1000:1001:Kim:/home/kim:/bin/sh\n");
    Files.writeString(
        directory.resolve("image/etc/group"), "root:x:0:\nkim:x:1001:\nstaff:x:50:kim\n");
  }

  /** A new engine on the same state. */
  void begin() {
    supervisor = new TaskSupervisor(drivers, usedStore, settings(directory));
    supervisor.adopt(ends);
  }

  @Override
  public void close() {
    supervisor.close();
  }

  static Settings settings(Path directory) {
    Path execRoot = directory.resolve("exec");
    return (Settings)
        Proxy.newProxyInstance(
            Settings.class.getClassLoader(),
            new Class<?>[] {Settings.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "execRoot" -> execRoot;
                  case "dataRoot" -> directory.resolve("data");
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Snapshotter snapshotter() {
    return (Snapshotter)
        Proxy.newProxyInstance(
            Snapshotter.class.getClassLoader(),
            new Class<?>[] {Snapshotter.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("mounts")) {
                throw new UnsupportedOperationException(method.getName());
              }
              Path snapshot = directory.resolve("snapshots/" + arguments[0]);
              Files.createDirectories(snapshot.resolve("upper"));
              Files.createDirectories(snapshot.resolve("work"));
              return List.of(
                  new Mount(
                      "overlay",
                      "overlay",
                      List.of(
                          "lowerdir=" + directory.resolve("image"),
                          "upperdir=" + snapshot.resolve("upper"),
                          "workdir=" + snapshot.resolve("work"))));
            });
  }

  /** The parent of the tasks' cgroups, another one for each test. */
  String cgroup() {
    return "gantry-" + directory.getFileName();
  }

  /** Takes the parent of the tasks' cgroups away. */
  void removeCgroup() throws IOException {
    try (var hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies.toList()) {
        Files.deleteIfExists(hierarchy.resolve(cgroup()));
      }
    }
    Files.deleteIfExists(Path.of("/sys/fs/cgroup").resolve(cgroup()));
  }

  Builder task(String id, String... command) {
    return new Builder(id, List.of(command));
  }

  LogTarget logTarget(String id) {
    return new LogTarget(id, directory.resolve("containers/" + id), logOptions, Map.of());
  }

  /** The whole log as text. */
  String log(String id) throws Exception {
    return logs(id, new LogsRequest(new LogQuery(true, true, 0, 0, -1), false)).text();
  }

  Lines logs(String id, LogsRequest request) {
    Lines lines = new Lines();
    supervisor.logs(id, "json-file", logTarget(id), request, lines);
    return lines;
  }

  /** What a task is made of; change the fields before {@link #request}. */
  final class Builder {
    final String id;
    final List<String> command;
    boolean terminal;
    StdinMode stdin = StdinMode.CLOSED;
    String user = "";
    List<TaskRequest.VolumeCopy> copies = List.of();
    List<RuntimeSpec.Mount> moreMounts = List.of();
    RuntimeSpec.Memory memory;
    boolean logged = true;
    List<TaskRequest.Endpoint> endpoints = List.of();

    private Builder(String id, List<String> command) {
      this.id = id;
      this.command = command;
    }

    TaskRequest request() throws IOException {
      Path own = Files.createDirectories(directory.resolve("containers/" + id));
      List<RuntimeSpec.Mount> mounts = new ArrayList<>();
      mounts.add(
          new RuntimeSpec.Mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")));
      mounts.add(
          new RuntimeSpec.Mount(
              "/dev",
              "tmpfs",
              "tmpfs",
              List.of("nosuid", "strictatime", "mode=755", "size=65536k")));
      mounts.add(
          new RuntimeSpec.Mount(
              "/dev/pts",
              "devpts",
              "devpts",
              List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")));
      mounts.addAll(moreMounts);
      RuntimeSpec spec =
          new RuntimeSpec(
              process(command, terminal),
              new RuntimeSpec.Root("", false),
              id,
              "",
              mounts,
              new RuntimeSpec.Linux(
                  List.of(
                      new RuntimeSpec.Namespace(NamespaceType.MOUNT, null),
                      new RuntimeSpec.Namespace(NamespaceType.PID, null),
                      new RuntimeSpec.Namespace(NamespaceType.IPC, null),
                      new RuntimeSpec.Namespace(NamespaceType.UTS, null)),
                  List.of(),
                  new RuntimeSpec.Resources(List.of(), memory, null, null),
                  "/" + cgroup() + "/" + id,
                  null,
                  Map.of(),
                  List.of(),
                  List.of(),
                  null));
      return new TaskRequest(
          id,
          own,
          "runc",
          "test",
          id,
          spec,
          user,
          List.of(),
          stdin,
          true,
          endpoints,
          copies,
          logged ? new TaskRequest.Log("json-file", logTarget(id)) : null);
    }

    int start() throws IOException {
      return supervisor.start(request()).pid();
    }
  }

  static RuntimeSpec.Process process(List<String> command, boolean terminal) {
    return new RuntimeSpec.Process(
        terminal,
        null,
        new RuntimeSpec.User(0, 0, List.of()),
        command,
        List.of("PATH=/bin"),
        "/",
        Set.of("CAP_KILL", "CAP_CHOWN"),
        List.of(),
        false,
        null,
        null);
  }

  static final AttachRequest OUTPUT = new AttachRequest(false, true, false, true, true, null);
  static final AttachRequest ALL = new AttachRequest(false, true, true, true, true, null);

  /** Collects what a client gets. */
  static class Client implements OutputSink {
    final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public synchronized CompletionStage<Void> write(StreamType stream, ByteBuffer chunk) {
      byte[] bytes = new byte[chunk.remaining()];
      chunk.get(bytes);
      (stream == StreamType.STDERR ? stderr : stdout).writeBytes(bytes);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void end(Throwable failure) {
      if (failure == null) {
        ended.complete(null);
      } else {
        ended.completeExceptionally(failure);
      }
    }

    synchronized String out() {
      return stdout.toString(StandardCharsets.UTF_8);
    }

    String await() throws Exception {
      ended.get(20, TimeUnit.SECONDS);
      return out();
    }

    void awaitText(String text) throws Exception {
      for (int i = 0; !out().contains(text); i++) {
        if (i == 2_000) {
          throw new AssertionError("no " + text + " in " + out());
        }
        Thread.sleep(5);
      }
    }
  }

  /** Collects log entries. */
  static final class Lines implements LogSink {
    final List<LogEntry> entries = new ArrayList<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public synchronized CompletionStage<Void> write(List<LogEntry> batch) {
      entries.addAll(batch);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void end(Throwable failure) {
      if (failure == null) {
        ended.complete(null);
      } else {
        ended.completeExceptionally(failure);
      }
    }

    String text() throws Exception {
      ended.get(20, TimeUnit.SECONDS);
      return soFar();
    }

    synchronized String soFar() {
      StringBuilder text = new StringBuilder();
      for (LogEntry entry : entries) {
        text.append(new String(entry.line(), StandardCharsets.UTF_8));
        text.append(entry.complete() ? "\n" : "");
      }
      return text.toString();
    }
  }

  /** Remembers ends. */
  static final class Ends implements TaskListener {
    record End(ExitStatus status, boolean oomKilled) {}

    private final Map<String, CompletableFuture<End>> ends = new ConcurrentHashMap<>();

    /** Where ends are written down as well, for another process to see. */
    volatile Path file;

    @Override
    public void onExit(String taskId, ExitStatus status, boolean oomKilled) {
      if (file != null) {
        try {
          Files.writeString(
              file,
              taskId + " " + status.code() + "\n",
              java.nio.file.StandardOpenOption.CREATE,
              java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
      of(taskId).complete(new End(status, oomKilled));
    }

    @Override
    public void onExecExit(String taskId, String execId, ExitStatus status) {
      of(taskId + "/" + execId).complete(new End(status, false));
    }

    CompletableFuture<End> of(String id) {
      return ends.computeIfAbsent(id, key -> new CompletableFuture<>());
    }

    End await(String id) throws Exception {
      return of(id).get(40, TimeUnit.SECONDS);
    }

    void reset(String id) {
      ends.remove(id);
    }
  }

  /** Drivers that can be taken away. */
  static final class Registry implements DriverRegistry {
    private final Map<String, Object> drivers = new ConcurrentHashMap<>();

    <D> void put(DriverKind<D> kind, String name, D driver) {
      drivers.put(kind.name() + " " + name, driver);
    }

    Object take(DriverKind<?> kind, String name) {
      return drivers.remove(kind.name() + " " + name);
    }

    @Override
    public <D, R> R call(DriverKind<D> kind, String name, Function<? super D, R> call) {
      Object driver = drivers.get(kind.name() + " " + name);
      if (driver == null) {
        throw EngineException.unavailable(kind.name() + " driver " + name + " is away");
      }
      return call.apply(kind.type().cast(driver));
    }

    @Override
    public List<String> names(DriverKind<?> kind) {
      String prefix = kind.name() + " ";
      return drivers.keySet().stream()
          .filter(key -> key.startsWith(prefix))
          .map(key -> key.substring(prefix.length()))
          .sorted()
          .toList();
    }

    @Override
    public List<DriverDetails> list() {
      throw new UnsupportedOperationException("list");
    }

    @Override
    public DriverDetails update(String driver, Path jar) {
      throw new UnsupportedOperationException("update");
    }
  }

  /** A store that outlives supervisors. */
  static final class MemoryStore implements StateStore {
    private final Map<String, Map<String, Record>> tables = new ConcurrentHashMap<>();

    @Override
    public <T extends Record> Table<T> table(String name, Class<T> type) {
      Map<String, Record> rows =
          tables.computeIfAbsent(name, key -> new java.util.concurrent.ConcurrentSkipListMap<>());
      return new Table<>() {
        @Override
        public Optional<T> get(String key) {
          return Optional.ofNullable(type.cast(rows.get(key)));
        }

        @Override
        public Map<String, T> all() {
          Map<String, T> all = new TreeMap<>();
          rows.forEach((key, row) -> all.put(key, type.cast(row)));
          return all;
        }

        @Override
        public void put(String key, T value, Durability durability) {
          rows.put(key, value);
        }

        @Override
        public void delete(String key, Durability durability) {
          rows.remove(key);
        }
      };
    }

    @Override
    public <R> R transaction(Durability durability, Supplier<R> changes) {
      return changes.get();
    }

    boolean empty() {
      return tables.values().stream().allMatch(Map::isEmpty);
    }
  }
}
