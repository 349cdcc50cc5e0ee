// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import static io.gantry.daemon.internal.container.TestEngine.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.Images.Removal;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names, conflicts and refusals, in the words that users of Docker know. */
@Timeout(30)
class ConflictTest {
  @TempDir Path root;
  private TestEngine engine;

  @BeforeEach
  void start() {
    engine = new TestEngine(root);
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static String taken(String name, String id) {
    return "Conflict. The container name \"/"
        + name
        + "\" is already in use by container \""
        + id
        + "\". You have to remove (or rename) that container to be able to reuse that name.";
  }

  @Test
  void namesAreUnique() {
    String id = engine.create("one", new Asked());
    refuses(ErrorKind.CONFLICT, taken("one", id), () -> engine.create("one", new Asked()));
    engine.create("two", new Asked());
    refuses(
        ErrorKind.CONFLICT,
        "Error when allocating new name: " + taken("one", id),
        () -> engine.containers.rename("two", "one"));
    engine.containers.rename("one", "three");
    engine.create("one", new Asked());
    assertEquals(id, engine.containers.inspect("/three").id());
  }

  @Test
  void aFailedCreationGivesItsNameBack() {
    Asked wrong = new Asked();
    wrong.binds = List.of("data:/x:sometimes");
    assertThrows(EngineException.class, () -> engine.create("one", wrong));
    engine.create("one", new Asked());
    assertEquals(1, engine.containers.list(true).size());
  }

  @Test
  void findsByNameIdAndUniquePrefix() {
    String id = engine.create("one", new Asked());
    assertEquals("one", engine.containers.inspect(id).name());
    assertEquals("one", engine.containers.inspect(id.substring(0, 12)).name());
    for (String unknown : List.of("", "/", "on", "zz")) {
      EngineException none =
          assertThrows(EngineException.class, () -> engine.containers.inspect(unknown), unknown);
      assertEquals(ErrorKind.NOT_FOUND, none.kind());
    }
  }

  @Test
  void madeUpNamesAreFreeAndValid() {
    String id = engine.create(null, new Asked());
    String name = engine.containers.inspect(id).name();
    assertEquals(name, ContainerNames.check(name));
    String fallback = ContainerNames.makeUp(candidate -> candidate.matches("[a-z]+_[a-z]+[0-9]?"));
    assertTrue(fallback.startsWith("container_"), fallback);
  }

  @Test
  void refusesWhatCannotBe() {
    Asked restart = new Asked();
    restart.restart = "sometimes";
    refuses(
        ErrorKind.INVALID,
        "invalid restart policy 'sometimes'",
        () -> engine.create("one", restart));
    Asked both = new Asked();
    both.restart = "always";
    both.autoRemove = true;
    refuses(
        ErrorKind.INVALID,
        "can't create 'AutoRemove' container with restart policy",
        () -> engine.create("one", both));
    Asked memory = new Asked();
    memory.memory = 1;
    refuses(
        ErrorKind.INVALID,
        "Minimum memory limit allowed is 6MB",
        () -> engine.create("one", memory));
    Asked log = new Asked();
    log.logOptions = Map.of("bad", "1");
    refuses(
        ErrorKind.INVALID,
        "unknown log opt 'bad' for json-file log driver",
        () -> engine.create("one", log));
    assertEquals(Set.of(), engine.drivers.snapshots);
  }

  @Test
  void aNetworkThatIsNotThereIsTheStartsToRefuse() {
    Asked asked = new Asked();
    asked.network = "nope";
    engine.create("one", asked);
    refuses(ErrorKind.NOT_FOUND, "network nope not found", () -> engine.containers.start("one"));
    assertEquals("CREATED", engine.status("one"));
  }

  @Test
  void volumesInUseStay() {
    Asked asked = new Asked();
    asked.binds = List.of("data:/data");
    String id = engine.create("one", asked);
    refuses(
        ErrorKind.CONFLICT,
        "remove data: volume is in use - [" + id + "]",
        () -> engine.volumes.remove("data", true));
    engine.containers.remove("one", false, true);
    engine.volumes.remove("data", false);
    refuses(
        ErrorKind.NOT_FOUND,
        "get data: no such volume",
        () -> engine.volumes.remove("data", false));
  }

  @Test
  void imagesInUseStay() {
    String id = engine.run("one", new Asked());
    String shortId = id.substring(0, 12);
    String image = OneImage.ID.substring(7, 19);
    refuses(
        ErrorKind.CONFLICT,
        "conflict: unable to remove repository reference \"busybox\" (must force) - container "
            + shortId
            + " is using its referenced image "
            + image,
        () -> engine.imageService.remove("busybox", false, true));
    refuses(
        ErrorKind.CONFLICT,
        "conflict: unable to delete "
            + image
            + " (cannot be forced) - image is being used by running container "
            + shortId,
        () -> engine.imageService.remove(image, true, true));
    engine.tasks.exit(id, 0);
    refuses(
        ErrorKind.CONFLICT,
        "conflict: unable to delete "
            + image
            + " (must be forced) - image is being used by stopped container "
            + shortId,
        () -> engine.imageService.remove(image, false, true));
    engine.imageService.tag("busybox", "other:1");
    assertEquals(
        List.of(new Removal("other:1", null)), engine.imageService.remove("other:1", false, true));
    // By force the image goes in spite of a container that does not run.
    assertEquals(
        List.of(new Removal("busybox:latest", null), new Removal(null, OneImage.ID)),
        engine.imageService.remove("busybox", true, true));
  }

  @Test
  void imagesWithSeveralNamesGoByForce() {
    engine.imageService.tag("busybox", "other:1");
    String image = OneImage.ID.substring(7, 19);
    refuses(
        ErrorKind.CONFLICT,
        "conflict: unable to delete "
            + image
            + " (must be forced) - image is referenced in multiple repositories",
        () -> engine.imageService.remove(image, false, true));
    assertEquals(
        List.of(
            new Removal("busybox:latest", null),
            new Removal("other:1", null),
            new Removal(null, OneImage.ID)),
        engine.imageService.remove(image, true, true));
    assertEquals(List.of("image tag", "image untag", "image untag", "image delete"), engine.events);
  }
}
