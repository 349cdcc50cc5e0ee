// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.error.EngineException;
import java.util.List;

/**
 * What {@code --security-opt} asks for.
 *
 * @param seccompUnconfined no system call filter
 * @param apparmorProfile null if none was named
 */
public record SecurityOpt(
    boolean noNewPrivileges, boolean seccompUnconfined, String apparmorProfile) {
  private static final String UNCONFINED = "unconfined";

  /**
   * @throws EngineException INVALID for an unknown one, UNSUPPORTED for a profile of the user's own
   */
  public static SecurityOpt parse(List<String> options) {
    boolean noNewPrivileges = false;
    boolean seccompUnconfined = false;
    String apparmor = null;
    for (String option : options) {
      int separator = option.indexOf('=');
      if (separator < 0) {
        separator = option.indexOf(':');
      }
      String key = separator < 0 ? option : option.substring(0, separator);
      String value = separator < 0 ? "" : option.substring(separator + 1);
      switch (key) {
        case "no-new-privileges" -> noNewPrivileges = separator < 0 || isTrue(value);
        case "seccomp" -> seccompUnconfined = seccompUnconfined(value);
        case "apparmor" -> apparmor = value.equals(UNCONFINED) ? null : value;
        case "label", "systempaths" -> {
          // SELinux labels mean nothing on a host without it; the CLI turns systempaths into paths.
        }
        default ->
            throw EngineException.invalid(
                "invalid --security-opt " + (separator < 0 ? 1 : 2) + ": \"" + option + "\"");
      }
    }
    return new SecurityOpt(noNewPrivileges, seccompUnconfined, apparmor);
  }

  private static boolean isTrue(String value) {
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw EngineException.invalid(
              "invalid --security-opt 2: \"no-new-privileges=" + value + "\"");
    };
  }

  private static boolean seccompUnconfined(String value) {
    return switch (value) {
      case UNCONFINED -> true;
      case "builtin", "" -> false;
      default ->
          throw EngineException.unsupported(
              "seccomp profiles of your own are not supported yet: use seccomp=builtin or"
                  + " seccomp=unconfined");
    };
  }
}
