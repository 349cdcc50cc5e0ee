// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.settings;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The settings in force. Each call answers as of now; flags come before {@code daemon.json} before
 * {@code etc}.
 */
@ProviderType
public interface Settings {
  /**
   * Drivers, which do not see these settings, find it as the framework property {@code
   * gantry.data.root} and keep their data in a directory of their own below.
   */
  Path dataRoot();

  /** Drivers find it as the framework property {@code gantry.exec.root}. */
  Path execRoot();

  /**
   * The id of this instance, 12 hexadecimal digits: the source of names in the kernel that must not
   * clash.
   */
  String instanceId();

  /** Listeners, as in {@code unix:///run/gantry.sock} and {@code tcp://127.0.0.1:2375}. */
  List<String> hosts();

  /** The group of the Unix socket. */
  String group();

  boolean debug();

  String storageDriver();

  String defaultRuntime();

  String defaultLogDriver();

  /** Options of the default log driver, each {@code key=value}. */
  List<String> defaultLogOptions();

  /**
   * Address and prefix length of the default bridge, {@code 172.17.0.1/16}; empty: chosen by the
   * engine.
   */
  String bridgeAddress();

  /** The name of the default bridge's link. */
  String bridgeName();

  /** The parent of the containers' cgroups, without a leading slash. */
  String cgroupParent();

  /** Seconds between a stop signal and SIGKILL when the machine shuts down. */
  int shutdownTimeoutSeconds();

  List<String> dns();

  List<String> dnsOptions();

  List<String> dnsSearch();

  /** Labels of the engine, as {@code docker info} prints them. */
  List<String> labels();
}
