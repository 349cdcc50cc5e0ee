// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.volume.VolumeDriver;
import io.gantry.tck.volume.VolumeDriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalVolumeDriverTest extends VolumeDriverContract {
  @Override
  protected VolumeDriver open(Path root) throws IOException {
    return new LocalVolumeDriver(root.resolve("volumes"), "boot-1", new FakeMounter());
  }

  @Nested
  class OnDisk {
    private final FakeMounter mounter = new FakeMounter();

    @TempDir Path directory;

    private LocalVolumeDriver driver(String bootId) {
      try {
        return new LocalVolumeDriver(directory.resolve("volumes"), bootId, mounter);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void theLayoutIsDockers() throws IOException {
      driver("boot-1")
          .create(
              "cache", Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=1m,comment=\"a\"<b"));
      Path volume = directory.resolve("volumes/cache");
      assertEquals("rwx-----x", mode(directory.resolve("volumes")));
      assertEquals("rwx-----x", mode(volume));
      assertEquals("rwxr-xr-x", mode(volume.resolve("_data")));
      assertEquals("rw-------", mode(volume.resolve("opts.json")));
      assertEquals(
          "{\"MountType\":\"tmpfs\",\"MountOpts\":\"size=1m,comment=\\\"a\\\"\\u003cb\","
              + "\"MountDevice\":\"tmpfs\",\"Quota\":{\"Size\":0}}",
          Files.readString(volume.resolve("opts.json")));
      assertEquals(
          Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=1m,comment=\"a\"<b"),
          driver("boot-1").get("cache").driverOptions());
    }

    @Test
    void aFileSystemIsMountedWhileSomebodyUsesIt() {
      LocalVolumeDriver driver = driver("boot-1");
      driver.create("cache", Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=1m,nosuid"));
      assertEquals(List.of(), mounter.table);
      driver.mount("cache", "one");
      driver.mount("cache", "two");
      assertEquals(List.of("tmpfs _data tmpfs 2 size=1m"), mounter.calls);
      driver.unmount("cache", "one");
      assertEquals(1, mounter.table.size());
      driver("boot-1").unmount("cache", "two");
      assertEquals(List.of(), mounter.table);
    }

    @Test
    void aReadOnlyBindTakesTwoCalls() {
      LocalVolumeDriver driver = driver("boot-1");
      driver.create("bound", Map.of("type", "none", "device", "/srv", "o", "bind,ro,rshared"));
      driver.mount("bound", "one");
      assertEquals(List.of("/srv _data none 1001", "_data  104000", "_data  1021"), mounter.calls);
    }

    @Test
    void usersOfAnEarlierBootAreGone() {
      driver("boot-1").create("data", Map.of());
      driver("boot-1").mount("data", "one");
      LocalVolumeDriver driver = driver("boot-2");
      driver.mount("data", "two");
      driver.unmount("data", "two");
      driver.remove("data");
      assertEquals(List.of(), driver.list());
    }

    @Test
    void aMountThatNobodyWasCountedForIsTakenAwayWithTheVolume() {
      LocalVolumeDriver driver = driver("boot-1");
      driver.create("cache", Map.of("type", "tmpfs", "device", "tmpfs"));
      mounter.table.add(driver.get("cache").mountpoint());
      driver.mount("cache", "one");
      assertEquals(List.of(), mounter.calls);
      driver.unmount("cache", "one");
      mounter.table.add(driver.get("cache").mountpoint());
      driver.remove("cache");
      assertEquals(List.of(), mounter.table);
    }

    @Test
    void whatTheHostMountedBelowIsNotDeleted() throws IOException {
      LocalVolumeDriver driver = driver("boot-1");
      Path below = driver.create("data", Map.of()).mountpoint().resolve("backup");
      Files.createDirectory(below);
      mounter.table.add(below);
      EngineException refused = assertThrows(EngineException.class, () -> driver.remove("data"));
      assertEquals(ErrorKind.CONFLICT, refused.kind());
      assertTrue(refused.getMessage().contains(below.toString()), refused.getMessage());
      mounter.table.clear();
      driver.remove("data");
    }

    @Test
    void leftOversOfACrashAreDeleted() throws IOException {
      driver("boot-1").create("data", Map.of());
      Path volumes = directory.resolve("volumes");
      Files.createDirectories(volumes.resolve(".new-123/_data"));
      Files.createDirectories(volumes.resolve(".removed-old-1/_data/x"));
      assertEquals(1, driver("boot-1").list().size());
      try (var left = Files.list(volumes)) {
        assertEquals(1, left.count());
      }
    }

    @Test
    void whatTheKernelRefusesIsReportedAndCountsNobody() {
      LocalVolumeDriver driver = driver("boot-1");
      driver.create(
          "share",
          Map.of("type", "cifs", "device", "//10.0.0.1/x", "o", "ro,password=secret,vers=3"));
      mounter.refusal = "no such device";
      EngineException refused =
          assertThrows(EngineException.class, () -> driver.mount("share", "one"));
      Path target = driver.get("share").mountpoint();
      assertEquals(
          "error while mounting volume '"
              + target
              + "': failed to mount local volume: mount //10.0.0.1/x:"
              + target
              + ", flags: 0x1, data: password=********,vers=3: no such device",
          refused.getMessage());
      driver.remove("share");
    }

    @Test
    void theServerOfANetworkFileSystemIsResolved() {
      LocalVolumeDriver driver = driver("boot-1");
      driver.create("share", Map.of("type", "nfs", "device", ":/x", "o", "addr=localhost,rw"));
      driver.mount("share", "one");
      assertEquals(List.of(":/x _data nfs 0 addr=127.0.0.1"), mounter.calls);
    }

    @Test
    void anExistingVolumeKeepsItsOptions() {
      LocalVolumeDriver driver = driver("boot-1");
      Map<String, String> options = Map.of("type", "tmpfs", "device", "tmpfs");
      driver.create("cache", options);
      assertEquals(
          options,
          driver.create("cache", Map.of("type", "none", "device", "/srv")).driverOptions());
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "foo=1|create data: invalid option: \"foo\"",
          "type=tmpfs|create data: missing required option: \"device\"",
          "device=tmpfs|create data: missing required option: \"type\"",
          "size=1g|create data: quota size requested but no quota support",
          "size=x|create data: invalid size: 'x'",
          "type=cifs;device=//h:445/x|create data: port not allowed in CIFS device URL, include"
              + " 'port' in 'o='",
        })
    void badOptionsAreRefusedInDockersWords(String options, String message) {
      Map<String, String> parsed = new java.util.TreeMap<>();
      for (String option : options.split(";", -1)) {
        int equals = option.indexOf('=');
        parsed.put(option.substring(0, equals), option.substring(equals + 1));
      }
      EngineException refused =
          assertThrows(EngineException.class, () -> driver("boot-1").create("data", parsed));
      assertEquals(message, refused.getMessage());
      assertFalse(Files.exists(directory.resolve("volumes/data")));
    }

    private String mode(Path file) throws IOException {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
  }
}
