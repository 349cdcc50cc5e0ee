// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.network.Attachment;
import io.gantry.api.network.EndpointSpec;
import io.gantry.api.network.InterfaceAddress;
import io.gantry.api.network.NetworkDriver;
import io.gantry.api.network.NetworkSpec;
import io.gantry.api.network.Subnet;
import io.gantry.tck.network.TestNamespace.Peer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a {@link NetworkDriver} that gives each endpoint a link must do. {@link #open} is called
 * again for each new instance, as after an update of the bundle or a crash of the engine.
 */
public abstract class NetworkDriverContract {
  private static final String ENDPOINT = "e1".repeat(32);
  private static final String OTHER_ENDPOINT = "e2".repeat(32);
  private static final String MAC = "02:42:ac:1e:00:02";
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private NetworkDriver driver;
  private NetworkSpec network;
  private TestNamespace namespace;

  /** A new instance that knows nothing of those before it but what they left in the kernel. */
  protected abstract NetworkDriver open();

  /** Ends an instance that {@link #open} made, as {@code @Deactivate} does. */
  protected abstract void close(NetworkDriver driver);

  protected abstract TestNamespace newNamespace();

  /** What makes two networks of the driver different things on the host. */
  protected abstract Map<String, String> driverOptions(String networkName);

  /** An option that the driver must refuse. */
  protected abstract Map<String, String> badOptions();

  /** The names of the links on the host's side. */
  protected abstract List<String> hostLinks();

  @BeforeEach
  void openDriver() {
    driver = open();
    network = network("one", 30, false);
    namespace = newNamespace();
  }

  @AfterEach
  void removeAll() {
    namespace.close();
    driver.remove(network);
    close(driver);
  }

  @Test
  void anEndpointGetsItsLink() {
    driver.ensure(network);
    EndpointSpec endpoint = endpoint(ENDPOINT, namespace, "eth0", 2);
    Attachment attachment = driver.attach(network, endpoint);
    assertEquals("eth0", attachment.interfaceName());
    assertEquals(endpoint.addresses(), attachment.addresses());
    assertEquals(network.subnets().get(0).gateway(), attachment.gateway());
    assertTrue(attachment.mtu() >= 68, "mtu " + attachment.mtu());
    assertEquals(List.of(new Peer("eth0", MAC, false)), namespace.links());
    assertTrue(hostLinks().contains(attachment.hostInterface()));
  }

  @Test
  void anInternalNetworkHasNoGateway() {
    network = network("one", 30, true);
    driver.ensure(network);
    assertNull(driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2)).gateway());
  }

  @Test
  void aNetworkMustBeEnsuredFirst() {
    assertFails(
        ErrorKind.UNAVAILABLE,
        () -> driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2)));
    assertEquals(List.of(), namespace.links());
  }

  @Test
  void ensuringAgainDisturbsNobody() {
    driver.ensure(network);
    Attachment attachment = driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2));
    driver.ensure(network);
    close(driver);
    driver = open();
    driver.ensure(network);
    assertEquals(1, namespace.links().size());
    assertTrue(hostLinks().contains(attachment.hostInterface()));
  }

  @Test
  void aNewInstanceGoesOn() {
    driver.ensure(network);
    close(driver);
    driver = open();
    driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2));
    close(driver);
    assertEquals(1, namespace.links().size());
    driver = open();
    driver.detach(network, ENDPOINT);
    driver.remove(network);
  }

  @Test
  void attachingAgainIsOneAttachment() {
    driver.ensure(network);
    EndpointSpec endpoint = endpoint(ENDPOINT, namespace, "eth0", 2);
    int before = hostLinks().size();
    Attachment first = driver.attach(network, endpoint);
    assertEquals(first, driver.attach(network, endpoint));
    assertEquals(List.of(new Peer("eth0", MAC, false)), namespace.links());
    assertEquals(before + 1, hostLinks().size());
  }

  @Test
  void endpointsAreApart() {
    driver.ensure(network);
    try (TestNamespace other = newNamespace()) {
      Attachment first = driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2));
      Attachment second = driver.attach(network, endpoint(OTHER_ENDPOINT, other, "eth0", 3));
      assertNotEquals(first.hostInterface(), second.hostInterface());
      driver.detach(network, ENDPOINT);
      awaitGone(first.hostInterface());
      assertEquals(List.of(), namespace.links());
      assertEquals(1, other.links().size());
    }
  }

  @Test
  void aNamespaceMayHaveSeveralEndpoints() {
    NetworkSpec second = network("two", 31, false);
    driver.ensure(network);
    driver.ensure(second);
    driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2));
    driver.attach(second, endpoint(OTHER_ENDPOINT, namespace, "eth1", 2));
    assertEquals(
        List.of("eth0", "eth1"), namespace.links().stream().map(Peer::name).sorted().toList());
    driver.remove(second);
  }

  @Test
  void anInterfaceNameInUseIsRefusedAndLeavesNothing() {
    driver.ensure(network);
    driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2));
    List<String> before = hostLinks();
    assertThrows(
        EngineException.class,
        () -> driver.attach(network, endpoint(OTHER_ENDPOINT, namespace, "eth0", 3)));
    assertEquals(before, hostLinks());
  }

  @Test
  void detachingTakesTheLinkAway() {
    driver.ensure(network);
    Attachment attachment = driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2));
    driver.detach(network, ENDPOINT);
    driver.detach(network, ENDPOINT);
    awaitGone(attachment.hostInterface());
  }

  @Test
  void detachingIsFinishedBeforeTheDriverIsTakenAway() {
    driver.ensure(network);
    Attachment attachment = driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2));
    driver.detach(network, ENDPOINT);
    close(driver);
    assertTrue(!hostLinks().contains(attachment.hostInterface()));
    driver = open();
  }

  @Test
  void anEndpointThatIsAttachedAfterItsDetachmentStays() {
    driver.ensure(network);
    EndpointSpec endpoint = endpoint(ENDPOINT, namespace, "eth0", 2);
    driver.attach(network, endpoint);
    driver.detach(network, ENDPOINT);
    driver.attach(network, endpoint);
    close(driver);
    driver = open();
    assertEquals(1, namespace.links().size());
  }

  @Test
  void aNamespaceThatEndedLeavesNothing() {
    driver.ensure(network);
    Attachment attachment = driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2));
    namespace.close();
    driver.detach(network, ENDPOINT);
    awaitGone(attachment.hostInterface());
  }

  @Test
  void detachingWhatWasNeverAttachedDoesNothing() {
    driver.detach(network, ENDPOINT);
    driver.ensure(network);
    driver.detach(network, ENDPOINT);
  }

  @Test
  void removingLeavesTheHostAsBefore() {
    List<String> before = hostLinks();
    driver.ensure(network);
    driver.remove(network);
    driver.remove(network);
    assertEquals(before, hostLinks());
    assertFails(
        ErrorKind.UNAVAILABLE,
        () -> driver.attach(network, endpoint(ENDPOINT, namespace, "eth0", 2)));
  }

  @Test
  void badOptionsAreRefused() {
    Map<String, String> options = new TreeMap<>(driverOptions("one"));
    options.putAll(badOptions());
    NetworkSpec bad = new NetworkSpec("ab".repeat(32), "bad", network.subnets(), false, options);
    List<String> before = hostLinks();
    assertFails(ErrorKind.INVALID, () -> driver.ensure(bad));
    assertEquals(before, hostLinks());
  }

  private void awaitGone(String link) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (hostLinks().contains(link)) {
      assertTrue(System.nanoTime() < deadline, link + " was not taken away");
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private NetworkSpec network(String name, int range, boolean internal) {
    Subnet subnet = new Subnet(address(172, range, 0, 0), 16, address(172, range, 0, 1));
    String id = "%02x".formatted(range).repeat(32);
    return new NetworkSpec(id, name, List.of(subnet), internal, driverOptions(name));
  }

  private static EndpointSpec endpoint(
      String id, TestNamespace namespace, String interfaceName, int host) {
    return new EndpointSpec(
        id,
        namespace.path(),
        interfaceName,
        List.of(new InterfaceAddress(address(172, 30, 0, host), 16)),
        MAC,
        Map.of());
  }

  private static InetAddress address(int a, int b, int c, int d) {
    try {
      return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertFails(ErrorKind kind, Runnable call) {
    EngineException failure = assertThrows(EngineException.class, call::run);
    assertEquals(kind, failure.kind(), failure.getMessage());
  }
}
