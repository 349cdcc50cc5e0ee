// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.error.EngineException;
import io.gantry.core.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes /etc/hosts, /etc/hostname and /etc/resolv.conf of a container, as Docker does for its
 * default networks.
 */
final class NetworkFiles {
  private static final String LOCAL_HOSTS =
      "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";
  private static final List<String> PUBLIC_SERVERS = List.of("8.8.8.8", "8.8.4.4");

  private final Settings settings;
  private final Path hostResolvConf;

  NetworkFiles(Settings settings) {
    this(settings, Path.of("/etc/resolv.conf"));
  }

  NetworkFiles(Settings settings, Path hostResolvConf) {
    this.settings = settings;
    this.hostResolvConf = hostResolvConf;
  }

  /**
   * @param address null without a network of its own
   * @param gateway what {@code host-gateway} stands for
   */
  void write(
      Path directory,
      ContainerRecord record,
      String hostname,
      InetAddress address,
      InetAddress gateway) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("hostname"), hostname + "\n");
      Files.writeString(directory.resolve("hosts"), hosts(record, hostname, address, gateway));
      Files.writeString(directory.resolve("resolv.conf"), resolvConf(record));
    } catch (IOException e) {
      throw EngineException.internal(
          "cannot write the network files below " + directory + ": " + e.getMessage(), e);
    }
  }

  private String hosts(
      ContainerRecord record, String hostname, InetAddress address, InetAddress gateway)
      throws IOException {
    boolean host = record.spec().network().mode().equals("host");
    StringBuilder text =
        new StringBuilder(host ? Files.readString(Path.of("/etc/hosts")) : LOCAL_HOSTS);
    for (String extra : record.spec().network().extraHosts()) {
      int separator = extra.indexOf(':') >= 0 ? extra.indexOf(':') : extra.indexOf('=');
      String value = extra.substring(separator + 1);
      text.append(value.equals("host-gateway") ? gateway.getHostAddress() : value)
          .append('\t')
          .append(extra, 0, separator)
          .append('\n');
    }
    if (address != null) {
      String domain = record.spec().identity().domainname();
      String names =
          domain == null || domain.isEmpty() ? hostname : hostname + "." + domain + " " + hostname;
      text.append(address.getHostAddress()).append('\t').append(names).append('\n');
    }
    return text.toString();
  }

  private String resolvConf(ContainerRecord record) throws IOException {
    List<String> servers = first(record.spec().network().dns(), settings.dns());
    List<String> search = first(record.spec().network().dnsSearch(), settings.dnsSearch());
    List<String> options = first(record.spec().network().dnsOptions(), settings.dnsOptions());
    boolean host = record.spec().network().mode().equals("host");
    String own = Files.exists(hostResolvConf) ? Files.readString(hostResolvConf) : "";
    if (servers.isEmpty() && search.isEmpty() && options.isEmpty() && host) {
      return own;
    }
    StringBuilder text = new StringBuilder();
    List<String> hostServers = new ArrayList<>();
    for (String line : own.split("\n")) {
      String[] words = line.strip().split("\\s+");
      if (words.length > 1 && words[0].equals("nameserver")) {
        // A resolver on the host's loopback cannot be reached from another network namespace.
        if (host || !(words[1].startsWith("127.") || words[1].equals("::1"))) {
          hostServers.add(words[1]);
        }
      } else if (words[0].equals("search") && search.isEmpty()) {
        text.append(line.strip()).append('\n');
      } else if (words[0].equals("options") && options.isEmpty()) {
        text.append(line.strip()).append('\n');
      }
    }
    if (!search.isEmpty() && !search.equals(List.of("."))) {
      text.append("search ").append(String.join(" ", search)).append('\n');
    }
    List<String> chosen = servers.isEmpty() ? hostServers : servers;
    (chosen.isEmpty() ? PUBLIC_SERVERS : chosen)
        .forEach(server -> text.append("nameserver ").append(server).append('\n'));
    if (!options.isEmpty()) {
      text.append("options ").append(String.join(" ", options)).append('\n');
    }
    return text.toString();
  }

  private static List<String> first(List<String> own, List<String> otherwise) {
    return own.isEmpty() ? otherwise : own;
  }
}
