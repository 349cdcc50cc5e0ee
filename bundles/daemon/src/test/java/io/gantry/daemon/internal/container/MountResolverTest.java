// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import static io.gantry.daemon.internal.container.TestEngine.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.ContainerDetails.MountPoint;
import io.gantry.api.engine.MountSpec;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.core.state.Durability;
import io.gantry.daemon.internal.volume.VolumeStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MountResolverTest {
  @TempDir Path root;
  private TestEngine engine;
  private MountResolver resolver;

  @BeforeEach
  void start() {
    engine = new TestEngine(root);
    VolumeStore volumes = engine.volumes;
    resolver = new MountResolver(volumes);
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private MountResolver.Resolved resolve(Asked asked) {
    return resolver.create(asked.mountOptions(), Durability.PROCESS);
  }

  private MountPoint bind(String text) {
    Asked asked = new Asked();
    asked.binds = List.of(text);
    return resolve(asked).points().get(0);
  }

  private static MountSpec mount(String type, String source, String target) {
    return new MountSpec(
        type, source, target, true, "", false, false, true, Map.of(), "", Map.of(), 0, null);
  }

  private MountPoint mount(MountSpec spec) {
    Asked asked = new Asked();
    asked.mounts = List.of(spec);
    return resolve(asked).points().get(0);
  }

  @Test
  void pathsOfTheHost() {
    assertEquals(
        new MountPoint("bind", "", "/src", "/dst", "", "", true, "rprivate"),
        bind("/src/:/x/../dst"));
    assertEquals(
        new MountPoint("bind", "", "/src", "/dst", "", "ro,rslave", false, "rslave"),
        bind("/src:/dst:ro,rslave"));
  }

  @Test
  void volumesByName() {
    assertEquals(
        new MountPoint("volume", "data", "/volumes/data/_data", "/dst", "local", "z", true, ""),
        bind("data:/dst"));
    Asked asked = new Asked();
    asked.binds = List.of("data:/dst:nocopy");
    assertEquals(List.of("/dst"), resolve(asked).noCopy());
    assertEquals(Set.of("data"), engine.drivers.volumes.keySet());
  }

  @Test
  void anonymousVolumesStandBackForWhatIsAsked() {
    Asked asked = new Asked();
    asked.binds = List.of("/src:/one");
    asked.tmpfs = Map.of("/two", "");
    asked.volumes = Set.of("/one", "/two", "/three");
    List<MountPoint> points = resolve(asked).points();
    assertEquals(List.of("/one", "/three"), points.stream().map(MountPoint::destination).toList());
    assertTrue(engine.volumes.get(points.get(1).name()).anonymous());
  }

  @Test
  void refusesWhatDockerRefuses() {
    for (String wrong :
        List.of("a:b:c:d", ":/x", "data:x", "data:/", "/src:/", "da@ta:/x", "data:/x:sometimes")) {
      EngineException refused = assertThrows(EngineException.class, () -> bind(wrong), wrong);
      assertEquals(ErrorKind.INVALID, refused.kind(), wrong);
    }
    Asked twice = new Asked();
    twice.binds = List.of("one:/x", "two:/x/");
    refuses(ErrorKind.INVALID, "Duplicate mount point: /x", () -> resolve(twice));
  }

  @Test
  void mountsInTheLongForm() {
    assertEquals(
        new MountPoint("volume", "data", "/volumes/data/_data", "/dst", "local", "z", false, ""),
        mount(mount("volume", "data", "/dst")));
    assertEquals(
        new MountPoint("bind", "", "/etc", "/dst", "", "", false, "rprivate"),
        mount(mount("bind", "/etc", "/dst")));
    assertEquals(
        new MountPoint("tmpfs", "", "", "/dst", "", "", false, ""),
        mount(mount("tmpfs", "", "/dst")));
    refuses(
        ErrorKind.INVALID,
        "invalid mount config for type \"bind\": bind source path does not exist: /no/such",
        () -> mount(mount("bind", "/no/such", "/dst")));
    refuses(
        ErrorKind.INVALID,
        "invalid mount config for type \"tmpfs\": invalid specification: destination can't be '/'",
        () -> mount(mount("tmpfs", "", "/")));
    refuses(
        ErrorKind.INVALID,
        "invalid mount config for type \"bind\": field Source must not be empty",
        () -> mount(mount("bind", "", "/dst")));
  }

  @Test
  void aStartMakesTheSourceOfABindAndMountsVolumes() {
    Path source = root.resolve("made/by/start");
    Asked asked = new Asked();
    asked.binds = List.of(source + ":/one", "data:/two");
    String id = engine.run("one", asked);
    assertTrue(Files.isDirectory(source));
    assertEquals(Set.of("data by " + id), engine.drivers.mounted);
    assertEquals(
        List.of("/two"),
        engine.tasks.running.get(id).volumeCopies().stream().map(copy -> copy.source()).toList());
    engine.tasks.exit(id, 0);
    assertEquals(Set.of(), engine.drivers.mounted);
  }
}
