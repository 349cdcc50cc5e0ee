// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.settings.internal;

import io.gantry.core.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Settings as the launcher read them from flags and daemon.json: it hands them over as system
 * properties.
 */
@Component(service = Settings.class)
public final class LaunchSettings implements Settings {
  private static final String DEFAULT_DATA_ROOT = "/var/lib/gantry";
  private static final int INSTANCE_ID_DIGITS = 12;
  private static final int SHUTDOWN_TIMEOUT_SECONDS = 15;

  private final BundleContext context;
  private final String instanceId;

  @Activate
  public LaunchSettings(BundleContext context) throws IOException {
    this.context = context;
    this.instanceId = instanceId(dataRoot());
  }

  /** Made once and kept with the data; the default place has the default names. */
  private static String instanceId(Path dataRoot) throws IOException {
    Path file = dataRoot.resolve("instance-id");
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(dataRoot.toString().getBytes(StandardCharsets.UTF_8));
      String id = HexFormat.of().formatHex(hash).substring(0, INSTANCE_ID_DIGITS);
      Files.createDirectories(dataRoot);
      Files.writeString(file, id + "\n");
      return id;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private String flag(String name, String otherwise) {
    String value = context.getProperty("gantry.flag." + name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private List<String> flags(String name) {
    String value = flag(name, "");
    return value.isEmpty() ? List.of() : List.of(value.split("\n"));
  }

  private boolean defaultInstance() {
    return dataRoot().equals(Path.of(DEFAULT_DATA_ROOT));
  }

  @Override
  public Path dataRoot() {
    String value = context.getProperty("gantry.data.root");
    return Path.of(value == null ? DEFAULT_DATA_ROOT : value);
  }

  @Override
  public Path execRoot() {
    String value = context.getProperty("gantry.exec.root");
    return Path.of(value == null ? "/run/gantry" : value);
  }

  @Override
  public String instanceId() {
    return instanceId;
  }

  @Override
  public List<String> hosts() {
    List<String> hosts = flags("host");
    return hosts.isEmpty() ? List.of("unix:///run/gantry.sock") : hosts;
  }

  @Override
  public String group() {
    return flag("group", "docker");
  }

  @Override
  public boolean debug() {
    return flag("debug", "false").equals("true");
  }

  @Override
  public String storageDriver() {
    return flag("storage-driver", "overlay2");
  }

  @Override
  public String defaultRuntime() {
    return flag("default-runtime", "runc");
  }

  @Override
  public String defaultLogDriver() {
    return flag("log-driver", "json-file");
  }

  @Override
  public List<String> defaultLogOptions() {
    return flags("log-opt");
  }

  @Override
  public String bridgeAddress() {
    return flag("bip", "");
  }

  @Override
  public String bridgeName() {
    return flag("bridge", defaultInstance() ? "gantry0" : "gy" + instanceId);
  }

  @Override
  public String cgroupParent() {
    String parent = flag("cgroup-parent", defaultInstance() ? "gantry" : "gantry-" + instanceId);
    return parent.startsWith("/") ? parent.substring(1) : parent;
  }

  @Override
  public int shutdownTimeoutSeconds() {
    return Integer.parseInt(flag("shutdown-timeout", Integer.toString(SHUTDOWN_TIMEOUT_SECONDS)));
  }

  @Override
  public List<String> dns() {
    return flags("dns");
  }

  @Override
  public List<String> dnsOptions() {
    return flags("dns-opt");
  }

  @Override
  public List<String> dnsSearch() {
    return flags("dns-search");
  }

  @Override
  public List<String> labels() {
    return flags("label");
  }
}
