// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.network.Subnet;
import io.gantry.daemon.internal.network.SubnetChoice.Range;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressTest {
  private static InetAddress address(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  @Test
  void givesOutEveryAddressButTheGatewaysOnce() throws Exception {
    AddressPool pool = new AddressPool(address("10.1.2.0"), 29, address("10.1.2.1"));
    List<String> given = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      given.add(pool.allocate("c" + i).getHostAddress());
    }
    assertEquals(List.of("10.1.2.2", "10.1.2.3", "10.1.2.4", "10.1.2.5", "10.1.2.6"), given);
    assertEquals(
        ErrorKind.EXHAUSTED,
        assertThrows(EngineException.class, () -> pool.allocate("one more")).kind());
  }

  @Test
  void aReleasedAddressRestsUnlessNoOtherIsLeft() throws Exception {
    AddressPool pool = new AddressPool(address("10.1.2.0"), 29, address("10.1.2.1"));
    InetAddress first = pool.allocate("a");
    pool.release(first, "a");
    for (int i = 0; i < 4; i++) {
      assertNotEquals(first, pool.allocate("b" + i));
    }
    assertEquals(first, pool.allocate("c"));
  }

  @Test
  void onlyTheOwnerReleases() throws Exception {
    AddressPool pool = new AddressPool(address("10.1.2.0"), 30, address("10.1.2.1"));
    pool.reserve(address("10.1.2.2"), "a");
    pool.release(address("10.1.2.2"), "b");
    assertThrows(EngineException.class, () -> pool.allocate("c"));
    pool.release(address("10.1.2.2"), "a");
    assertEquals(address("10.1.2.2"), pool.allocate("c"));
  }

  @Test
  void choosesASubnetThatTheHostHasNoRouteTo(@TempDir Path directory) throws Exception {
    Path routes =
        Files.writeString(
            directory.resolve("route"),
            """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
            eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
            gtr0\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
            """);
    List<Range> taken = SubnetChoice.hostRoutes(routes, "gtr0");
    assertEquals(List.of(new Range(0xAC110000L, 16)), taken);
    Subnet chosen = SubnetChoice.choose(taken);
    assertEquals("172.18.0.0/16", chosen.cidr());
    assertEquals(address("172.18.0.1"), chosen.gateway());
  }

  @Test
  void fallsBackToSmallerSubnets() {
    List<Range> taken = List.of(new Range(0xAC100000L, 12), new Range(0xC0A80000L, 20));
    assertEquals("192.168.16.0/20", SubnetChoice.choose(taken).cidr());
    assertEquals(
        ErrorKind.EXHAUSTED,
        assertThrows(
                EngineException.class,
                () ->
                    SubnetChoice.choose(
                        List.of(new Range(0xAC100000L, 12), new Range(0xC0A80000L, 16))))
            .kind());
  }

  @Test
  void readsABridgeAddress() throws Exception {
    Subnet subnet = SubnetChoice.parse("10.9.8.1/24");
    assertEquals("10.9.8.0/24", subnet.cidr());
    assertEquals(address("10.9.8.1"), subnet.gateway());
    assertThrows(EngineException.class, () -> SubnetChoice.parse("10.9.8.1"));
    assertThrows(EngineException.class, () -> SubnetChoice.parse("10.9.8.1/x"));
    assertThrows(EngineException.class, () -> SubnetChoice.parse("10.9.8.1/33"));
  }
}
