// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.core.settings.Settings;
import java.nio.file.Path;
import java.util.List;

/** The settings of an engine below one directory. */
record PlainSettings(Path root, List<String> dns) implements Settings {
  @Override
  public Path dataRoot() {
    return root.resolve("data");
  }

  @Override
  public Path execRoot() {
    return root.resolve("exec");
  }

  @Override
  public String instanceId() {
    return "0123456789ab";
  }

  @Override
  public List<String> hosts() {
    return List.of();
  }

  @Override
  public String group() {
    return "";
  }

  @Override
  public boolean debug() {
    return false;
  }

  @Override
  public String storageDriver() {
    return "overlay2";
  }

  @Override
  public String defaultRuntime() {
    return "runc";
  }

  @Override
  public String defaultLogDriver() {
    return "json-file";
  }

  @Override
  public List<String> defaultLogOptions() {
    return List.of("max-size=1m");
  }

  @Override
  public String bridgeAddress() {
    return "172.30.0.1/16";
  }

  @Override
  public String bridgeName() {
    return "gantry-test0";
  }

  @Override
  public String cgroupParent() {
    return "gantry";
  }

  @Override
  public int shutdownTimeoutSeconds() {
    return 1;
  }

  @Override
  public List<String> dnsOptions() {
    return List.of();
  }

  @Override
  public List<String> dnsSearch() {
    return List.of();
  }

  @Override
  public List<String> labels() {
    return List.of();
  }
}
