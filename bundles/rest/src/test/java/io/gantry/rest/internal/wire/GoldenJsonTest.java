// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerDetails.ContainerFiles;
import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import io.gantry.api.engine.ContainerDetails.MountPoint;
import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.IdentityOptions;
import io.gantry.api.engine.ContainerSpec.LifecycleOptions;
import io.gantry.api.engine.ContainerSpec.LogOptions;
import io.gantry.api.engine.ContainerSpec.MountOptions;
import io.gantry.api.engine.ContainerSpec.NetworkOptions;
import io.gantry.api.engine.ContainerSpec.ProcessOptions;
import io.gantry.api.engine.ContainerSpec.ResourceOptions;
import io.gantry.api.engine.ContainerSpec.SecurityOptions;
import io.gantry.api.engine.ContainerSpec.Ulimit;
import io.gantry.api.engine.ContainerState;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.ImageDetails.ImageConfig;
import io.gantry.api.engine.MountSpec;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What dockerd 20.10 (API 1.41) told of a container made by the docker CLI with many flags, and of
 * an image. Ours is the same to the byte, but for what this engine has not.
 */
class GoldenJsonTest {
  private static final ApiVersion RECORDED = new ApiVersion(1, 41);
  private static final String ID =
      "94dad83265797f92a981b3f9486c2ee3f72f4ed9e8da5afc5b435f7953883c7f";
  private static final String IMAGE_ID =
      "sha256:9ee9842f6c73abf3128bbef48678c06b04d14f32cae4d201e69850c73e0e812e";
  private static final String LAST_TAGGED = "2026-11-24T12:12:16.492394124Z";
  private static final List<String> PATH =
      List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  private static String recorded(String name) throws Exception {
    try (InputStream in = GoldenJsonTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The layout of a driver's directories, and a sandbox: nothing of ours has that. */
  private static String withoutWhatIsDockersOwn(String json) {
    return json.replaceFirst("\"Data\":\\{[^}]*}", "\"Data\":null")
        .replaceFirst("\"SandboxID\":\"[^\"]*\"", "\"SandboxID\":\"\"")
        .replaceFirst("\"SandboxKey\":\"[^\"]*\"", "\"SandboxKey\":\"\"")
        // its host has cgroup v1, where the cgroup namespace is the host's
        .replaceFirst(
            "\"CgroupnsMode\":\"host\"",
            Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))
                ? "\"CgroupnsMode\":\"private\""
                : "\"CgroupnsMode\":\"host\"");
  }

  private static String written(Consumer<JsonWriter> document) {
    return new String(new GoJson().answer(document), StandardCharsets.UTF_8);
  }

  private static ContainerSpec spec() {
    return new ContainerSpec(
        "busybox",
        new ProcessOptions(
            null,
            List.of("sh", "-c", "sleep \"1000\" <&1"),
            List.of("A=b", PATH.get(0)),
            "1",
            "/",
            false,
            false,
            false,
            false,
            false,
            false,
            false),
        new IdentityOptions("h", "", Map.of("z", "1", "a", "2"), Map.of()),
        new MountOptions(
            List.of("/tmp:/mnt:ro", "vol1:/data"),
            List.of(
                new MountSpec(
                    "tmpfs", "", "/t", false, "", false, false, false, Map.of(), "", Map.of(),
                    1048576, 448)),
            Map.of("/x", "size=1m"),
            Set.of(),
            "",
            false,
            1048576),
        new NetworkOptions(
            "default", List.of("1.1.1.1"), List.of(), List.of(), List.of("a:1.2.3.4")),
        new SecurityOptions(
            false,
            List.of("CAP_NET_ADMIN"),
            List.of("CAP_MKNOD"),
            List.of("5"),
            List.of("seccomp=unconfined"),
            null,
            null,
            Map.of("net.ipv4.ip_forward", "1")),
        new ResourceOptions(
            10485760,
            20971520,
            0,
            500000000,
            0,
            0,
            0,
            "",
            "",
            10L,
            List.of(new Ulimit("nofile", 10, 20)),
            0),
        new LogOptions("json-file", Map.of("max-size", "1m")),
        new LifecycleOptions("on-failure", 3, false, "INT", 3, "runc", ""));
  }

  private static ContainerDetails container(List<MountPoint> mounts) {
    String directory = "/var/lib/docker/containers/" + ID + "/";
    return new ContainerDetails(
        ID,
        "golden",
        Instant.parse("2026-11-24T12:51:50.918291361Z"),
        IMAGE_ID,
        "sh",
        List.of("-c", "sleep \"1000\" <&1"),
        spec(),
        new ContainerState(
            Status.RESTARTING,
            0,
            1,
            "",
            false,
            Instant.parse("2026-11-24T12:51:51.118197107Z"),
            Instant.parse("2026-11-24T12:51:51.145653204Z")),
        1,
        "overlay2",
        mounts,
        List.of(
            new EndpointDetails(
                "bridge",
                "87701d60b417e0bafbab90bc4dd5bc11b3d92ac4ca064a4ffccb3c43dff6a969",
                "",
                "",
                "",
                0,
                "")),
        new ContainerFiles(
            directory + "resolv.conf",
            directory + "hostname",
            directory + "hosts",
            directory + ID + "-json.log"));
  }

  private static final MountPoint BIND =
      new MountPoint("bind", "", "/tmp", "/mnt", "", "ro", false, "rslave");
  private static final MountPoint VOLUME =
      new MountPoint(
          "volume", "vol1", "/var/lib/docker/volumes/vol1/_data", "/data", "local", "z", true, "");
  private static final MountPoint TMPFS = new MountPoint("tmpfs", "", "", "/t", "", "", true, "");

  private static ImageDetails image(List<String> tags) {
    return new ImageDetails(
        IMAGE_ID,
        tags,
        List.of(),
        "",
        "",
        Instant.parse("2024-01-01T00:00:00Z"),
        "amd64",
        "",
        "linux",
        1984172,
        List.of("sha256:0a8d7b524b5857e16febab1ab146f60f94058cf18d242f7869bc0820c1272eba"),
        Instant.parse(LAST_TAGGED),
        new ImageConfig(
            "", Set.of(), PATH, null, List.of("sh"), Set.of(), "", Map.of(), "", null, null));
  }

  @Test
  void aContainerWhole() throws Exception {
    ContainerDetails container = container(List.of(BIND, VOLUME, TMPFS));
    assertEquals(
        withoutWhatIsDockersOwn(recorded("container-inspect.json")),
        written(out -> ContainerInspectJson.write(out, container, null, RECORDED)));
  }

  @Test
  void aContainerInAList() throws Exception {
    ContainerDetails container = container(List.of(BIND, TMPFS, VOLUME));
    Instant now = container.state().finishedAt().plusMillis(900);
    assertEquals(
        recorded("container-list.json"),
        written(
            out ->
                out.array(
                    List.of(container),
                    c -> ContainerSummaryJson.write(out, c, "busybox", null, now, RECORDED))));
  }

  @Test
  void anImageWhole() throws Exception {
    ImageDetails image = image(List.of("bench/busybox:latest", "busybox:latest"));
    assertEquals(
        withoutWhatIsDockersOwn(recorded("image-inspect.json")),
        written(out -> ImageJson.inspect(out, image, "overlay2", RECORDED)));
  }

  @Test
  void anImageInAList() throws Exception {
    ImageDetails image = image(List.of("busybox:latest"));
    assertEquals(
        recorded("image-list.json"),
        written(out -> out.array(List.of(image), i -> ImageJson.summary(out, i, RECORDED))));
  }

  /** From the description of the API: what later versions took away and what they added. */
  @Test
  void fieldsComeAndGoWithTheVersion() {
    ContainerDetails container = container(List.of());
    String newest =
        written(out -> ContainerInspectJson.write(out, container, null, ApiVersion.CURRENT));
    assertEquals(-1, newest.indexOf("KernelMemory"));
    assertEquals(true, newest.contains("\"GwPriority\":0"));
    assertEquals(true, newest.contains("\"DNSNames\":null"));
    ImageDetails image = image(List.of());
    String newestImage =
        written(out -> ImageJson.inspect(out, image, "overlay2", ApiVersion.CURRENT));
    assertEquals(-1, newestImage.indexOf("ContainerConfig"));
    assertEquals(-1, newestImage.indexOf("VirtualSize"));
    assertEquals(-1, newestImage.indexOf("Hostname"));
    String dangling = written(out -> ImageJson.summary(out, image, new ApiVersion(1, 42)));
    assertEquals(true, dangling.contains("\"RepoTags\":[\"<none>:<none>\"]"));
  }
}
