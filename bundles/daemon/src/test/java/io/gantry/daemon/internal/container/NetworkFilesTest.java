// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import io.gantry.api.engine.ContainerState;
import io.gantry.api.engine.ContainerState.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkFilesTest {
  private static final String LOCAL =
      "127.0.0.1\tlocalhost\n"
          + "::1\tlocalhost ip6-localhost ip6-loopback\n"
          + "fe00::0\tip6-localnet\n"
          + "ff00::0\tip6-mcastprefix\n"
          + "ff02::1\tip6-allnodes\n"
          + "ff02::2\tip6-allrouters\n";

  @TempDir Path root;
  private Path host;

  @BeforeEach
  void hostFile() throws IOException {
    host = root.resolve("host");
    Files.writeString(
        host,
        "# made\nnameserver 127.0.0.53\nnameserver 192.0.2.1\nsearch a.example\noptions edns0\n");
  }

  private String written(Asked asked, String file, List<String> dns) throws IOException {
    ContainerRecord record =
        new ContainerRecord(
            "id",
            "one",
            Instant.EPOCH,
            OneImage.ID,
            List.of("sh"),
            asked.spec(),
            new ContainerState(Status.CREATED, 0, 0, "", false, null, null),
            0,
            "overlay2",
            List.of(),
            List.of(),
            new EndpointDetails("bridge", "", "", "", "", 0, ""),
            false,
            null);
    Path directory = root.resolve("files");
    new NetworkFiles(new PlainSettings(root, dns), host)
        .write(
            directory,
            record,
            "box",
            asked.network.equals("host") ? null : InetAddress.getByName("172.30.0.2"),
            InetAddress.getByName("172.30.0.1"));
    return Files.readString(directory.resolve(file));
  }

  @Test
  void hosts() throws IOException {
    assertEquals("box\n", written(new Asked(), "hostname", List.of()));
    assertEquals(LOCAL + "172.30.0.2\tbox\n", written(new Asked(), "hosts", List.of()));
    Asked asked = new Asked();
    asked.domainname = "example";
    asked.extraHosts = List.of("db:192.0.2.9", "up:host-gateway", "six:2001:db8::1");
    assertEquals(
        LOCAL
            + "192.0.2.9\tdb\n172.30.0.1\tup\n2001:db8::1\tsix\n"
            + "172.30.0.2\tbox.example box\n",
        written(asked, "hosts", List.of()));
  }

  @Test
  void leavesOutResolversThatCannotBeReached() throws IOException {
    assertEquals(
        "search a.example\noptions edns0\nnameserver 192.0.2.1\n".lines().sorted().toList(),
        written(new Asked(), "resolv.conf", List.of()).lines().sorted().toList());
    Files.writeString(host, "nameserver 127.0.0.53\n");
    assertEquals(
        "nameserver 8.8.8.8\nnameserver 8.8.4.4\n", written(new Asked(), "resolv.conf", List.of()));
  }

  @Test
  void prefersTheUsersToTheEnginesToTheHosts() throws IOException {
    Asked asked = new Asked();
    asked.dnsSearch = List.of(".");
    assertEquals(
        List.of("nameserver 198.51.100.1", "options edns0"),
        written(asked, "resolv.conf", List.of("198.51.100.1")).lines().sorted().toList());
    asked.dns = List.of("203.0.113.1");
    asked.dnsSearch = List.of("b.example");
    asked.dnsOptions = List.of("ndots:2", "rotate");
    assertEquals(
        "search b.example\nnameserver 203.0.113.1\noptions ndots:2 rotate\n",
        written(asked, "resolv.conf", List.of("198.51.100.1")));
  }

  @Test
  void onTheHostsNetworkTheHostsFileIsTaken() throws IOException {
    Asked asked = new Asked();
    asked.network = "host";
    assertEquals(Files.readString(host), written(asked, "resolv.conf", List.of()));
  }
}
