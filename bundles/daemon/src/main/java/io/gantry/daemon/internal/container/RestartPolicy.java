// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

/** {@code --restart}. */
final class RestartPolicy {
  private RestartPolicy() {}

  /** Whether a container that ended by itself is to be started again. */
  static boolean restarts(ContainerRecord record, int exitCode) {
    if (record.stoppedByUser()) {
      return false;
    }
    return switch (record.spec().lifecycle().restart()) {
      case "always", "unless-stopped" -> true;
      case "on-failure" -> {
        int most = record.spec().lifecycle().restartMaximumRetries();
        yield exitCode != 0 && (most == 0 || record.restartCount() < most);
      }
      default -> false;
    };
  }

  /** Whether it is started when the engine is, after the machine was. */
  static boolean startsWithTheEngine(ContainerRecord record) {
    return switch (record.spec().lifecycle().restart()) {
      case "always" -> true;
      case "unless-stopped" -> !record.stoppedByUser();
      case "on-failure" -> restarts(record, record.state().exitCode());
      default -> false;
    };
  }
}
