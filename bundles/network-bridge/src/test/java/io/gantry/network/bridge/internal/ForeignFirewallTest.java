// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.linux.nftables.Nftables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Beside rules like Docker's, in a namespace that stands for the host. */
@Tag("root")
class ForeignFirewallTest {
  private static final String MARK = "-m comment --comment \"gantry gw0\"";

  private final ForeignFirewall firewall = new ForeignFirewall(new Nftables());

  @BeforeEach
  void enterPrivateHost() {
    PrivateHost.enter();
  }

  @Test
  void nothingIsMadeWhereNobodyFilters() {
    firewall.accept("gw0");
    firewall.forget("gw0");
    assertEquals("", new Nftables().run("list ruleset"));
  }

  @Test
  void theBridgeIsAcceptedInDockersUserChain() throws IOException {
    needs("iptables-nft");
    for (String command :
        List.of(
            "-N DOCKER-USER",
            "-A DOCKER-USER -j RETURN",
            "-P FORWARD DROP",
            "-A FORWARD -j DOCKER-USER")) {
      run("iptables-nft", command.split(" "));
    }
    List<String> before = rules("iptables-nft");
    firewall.accept("gw0");
    firewall.accept("gw0");
    firewall.accept("gw1");
    List<String> rules = rules("iptables-nft");
    assertEquals(before.size() + 4, rules.size(), rules.toString());
    assertTrue(rules.contains("-A DOCKER-USER -i gw0 " + MARK + " -j ACCEPT"), rules.toString());
    assertTrue(
        rules.indexOf("-A DOCKER-USER -o gw0 " + MARK + " -j ACCEPT")
            < rules.indexOf("-A DOCKER-USER -j RETURN"),
        rules.toString());
    firewall.forget("gw0");
    firewall.forget("gw1");
    assertEquals(before, rules("iptables-nft"));
  }

  @Test
  void theBridgeIsAcceptedInTheForwardChain() throws IOException {
    needs("iptables-nft");
    run("iptables-nft", "-P", "FORWARD", "DROP");
    List<String> before = rules("iptables-nft");
    firewall.accept("gw0");
    assertTrue(rules("iptables-nft").contains("-A FORWARD -i gw0 " + MARK + " -j ACCEPT"));
    firewall.forget("gw0");
    assertEquals(before, rules("iptables-nft"));
  }

  @Test
  void theBridgeIsAcceptedInLegacyTables() throws IOException {
    needs("iptables-legacy");
    run("iptables-legacy", "-P", "FORWARD", "DROP");
    List<String> before = rules("iptables-legacy");
    firewall.accept("gw0");
    firewall.accept("gw0");
    List<String> rules = rules("iptables-legacy");
    assertEquals(before.size() + 2, rules.size(), rules.toString());
    assertTrue(rules.contains("-A FORWARD -o gw0 -j ACCEPT"), rules.toString());
    firewall.forget("gw0");
    assertEquals(before, rules("iptables-legacy"));
  }

  private static void needs(String program) {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin", program)), program + " is not installed");
  }

  private static List<String> rules(String program) throws IOException {
    return run(program, "-S").lines().toList();
  }

  private static String run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("/usr/sbin/" + program));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      assertEquals(0, process.waitFor(), command + ": " + output);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return output;
  }
}
