// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The flags as they were given, by name; in the words of dockerd where they are wrong. */
final class CommandLine {
  private CommandLine() {}

  static Map<String, List<String>> parse(List<String> arguments) throws UsageException {
    Map<String, List<String>> given = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("-") || argument.equals("-")) {
        throw new UsageException(
            "\"dockerd\" accepts no arguments.\nSee 'dockerd --help'."
                .replace("dockerd", "gantryd"));
      }
      boolean isLong = argument.startsWith("--");
      String body = argument.substring(isLong ? 2 : 1);
      int equals = body.indexOf('=');
      String name = equals >= 0 ? body.substring(0, equals) : body;
      String value = equals >= 0 ? body.substring(equals + 1) : null;
      if (!isLong && value == null && name.length() > 1) {
        value = name.substring(1);
        name = name.substring(0, 1);
      }
      Flag flag = find(name, isLong, argument);
      if (flag.bool()) {
        value = value == null ? "true" : value;
        if (!value.equals("true") && !value.equals("false")) {
          throw new UsageException(
              "invalid argument \""
                  + value
                  + "\" for \""
                  + argument
                  + "\" flag: strconv.ParseBool: parsing \""
                  + value
                  + "\": invalid syntax\nSee 'gantryd --help'.");
        }
      } else if (value == null) {
        if (++i == arguments.size()) {
          throw new UsageException(
              "flag needs an argument: "
                  + (isLong ? "--" + name : "'" + name + "' in -" + name)
                  + "\nSee 'gantryd --help'.");
        }
        value = arguments.get(i);
      }
      List<String> values = given.computeIfAbsent(flag.name(), key -> new ArrayList<>());
      if (!flag.list()) {
        values.clear();
      }
      values.add(value);
    }
    return given;
  }

  private static Flag find(String name, boolean isLong, String argument) throws UsageException {
    for (Flag flag : Flag.ALL) {
      if (isLong ? flag.name().equals(name) : name.equals(flag.shorthand())) {
        return flag;
      }
    }
    throw new UsageException(
        (isLong
                ? "unknown flag: --" + name
                : "unknown shorthand flag: '" + name + "' in " + argument)
            + "\nSee 'gantryd --help'.");
  }

  static String usage() {
    StringBuilder text =
        new StringBuilder(
            "\nUsage:  gantryd [OPTIONS]\n\nThe engine you never have to restart.\n\nOptions:\n");
    for (Flag flag : Flag.ALL) {
      String names =
          (flag.shorthand() == null ? "    " : "-" + flag.shorthand() + ", ")
              + "--"
              + flag.name()
              + (flag.bool() ? "" : flag.list() ? " list" : " string");
      text.append(String.format("  %-32s %s%n", names, flag.help()));
    }
    return text.toString();
  }
}
