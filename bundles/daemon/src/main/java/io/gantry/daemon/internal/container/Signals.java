// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.util.List;
import java.util.Locale;

/** Signals by name and number (signal(7), x86 and ARM). */
public final class Signals {
  public static final int KILL = 9;
  public static final int TERM = 15;
  private static final int MAX = 64;
  private static final int RTMIN = 34;
  private static final int RTMAX = 64;

  private static final List<String> NAMES =
      List.of(
          "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
          "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
          "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  /** {@code SIGTERM}, {@code term} or {@code 15}. */
  public static int parse(String signal) {
    String text = signal.toUpperCase(Locale.ROOT);
    int number = -1;
    if (text.matches("[0-9]{1,3}")) {
      number = Integer.parseInt(text);
    } else {
      String bare = text.startsWith("SIG") ? text.substring(3) : text;
      number =
          switch (bare) {
            case "IOT" -> 6;
            case "CLD" -> 17;
            case "POLL" -> 29;
            case "RTMIN" -> RTMIN;
            case "RTMAX" -> RTMAX;
            default -> {
              if (bare.matches("RTMIN\\+[0-9]{1,2}")) {
                yield RTMIN + Integer.parseInt(bare.substring(6));
              }
              if (bare.matches("RTMAX-[0-9]{1,2}")) {
                yield RTMAX - Integer.parseInt(bare.substring(6));
              }
              yield bare.isEmpty() ? -1 : NAMES.indexOf(bare);
            }
          };
    }
    if (number > MAX) {
      // A number that is no signal: Docker's own error, with its status 500.
      throw new EngineException(
          ErrorKind.INTERNAL, "The linux daemon does not support signal " + number);
    }
    if (number < 1) {
      throw EngineException.invalid("Invalid signal: " + signal);
    }
    return number;
  }
}
