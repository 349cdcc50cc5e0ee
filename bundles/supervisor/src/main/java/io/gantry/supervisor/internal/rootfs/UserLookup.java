// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.runtime.RuntimeSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Turns {@code -u USER[:GROUP]} and {@code --group-add} into numbers, by the passwd and group files
 * of the container's root. Follows Docker: a number needs no entry, and one that has an entry gets
 * the groups of that entry.
 */
public final class UserLookup {
  private static final int MAX_FILE = 4 * 1024 * 1024;
  private static final long MAX_ID = Integer.MAX_VALUE;

  private final RootDirectory root;
  private List<String[]> groupFile;

  public UserLookup(RootDirectory root) {
    this.root = root;
  }

  /** A user with its numbers and its home directory. */
  public record Resolved(RuntimeSpec.User user, String home) {}

  public Resolved resolve(String spec, List<String> addedGroups) {
    String[] parts = (spec == null ? "" : spec).split(":", 2);
    String userName = parts[0];
    String groupName = parts.length > 1 ? parts[1] : "";
    Long userNumber = number(userName);

    String[] entry = userEntry(userName, userNumber);
    long uid;
    long gid = 0;
    String home = "/";
    if (entry != null) {
      uid = idOf(entry, 2);
      gid = idOf(entry, 3);
      home = entry.length > 5 && !entry[5].isEmpty() ? entry[5] : "/";
    } else if (userName.isEmpty()) {
      uid = 0;
    } else if (userNumber == null) {
      throw failure("unable to find user " + userName + ": no matching entries in passwd file");
    } else {
      uid = checked(userNumber);
    }

    Set<Long> additional = new LinkedHashSet<>();
    if (!groupName.isEmpty()) {
      gid = groupId(groupName);
    } else if (entry != null) {
      String name = entry[0];
      for (String[] group : groups()) {
        if (group.length > 3 && Arrays.asList(group[3].split(",")).contains(name)) {
          additional.add(idOf(group, 2));
        }
      }
    }
    for (String added : addedGroups) {
      additional.add(addedGroup(added));
    }
    return new Resolved(new RuntimeSpec.User(uid, gid, withPrimary(gid, additional)), home);
  }

  /** The primary group counts among them, or dropping it would widen rights (CVE-2022-36109). */
  private static List<Long> withPrimary(long gid, Set<Long> additional) {
    List<Long> all = new ArrayList<>();
    all.add(gid);
    additional.stream().filter(group -> group != gid).forEach(all::add);
    return all;
  }

  private String[] userEntry(String name, Long number) {
    Predicate<String[]> wanted;
    if (name.isEmpty()) {
      wanted = entry -> idOf(entry, 2) == 0;
    } else if (number != null) {
      wanted = entry -> idOf(entry, 2) == number;
    } else {
      wanted = entry -> entry[0].equals(name);
    }
    return first(lines("/etc/passwd"), wanted);
  }

  private long groupId(String name) {
    Long number = number(name);
    String[] entry =
        first(
            groups(),
            number != null ? group -> idOf(group, 2) == number : group -> group[0].equals(name));
    if (entry != null) {
      return idOf(entry, 2);
    }
    if (number == null) {
      throw failure("unable to find group " + name + ": no matching entries in group file");
    }
    return checked(number);
  }

  private long addedGroup(String name) {
    Long number = number(name);
    String[] entry =
        first(
            groups(),
            group -> group[0].equals(name) || (number != null && idOf(group, 2) == number));
    if (entry != null) {
      return idOf(entry, 2);
    }
    if (number == null) {
      throw failure("Unable to find group " + name + ": no matching entries in group file");
    }
    return checked(number);
  }

  private List<String[]> groups() {
    if (groupFile == null) {
      groupFile = lines("/etc/group");
    }
    return groupFile;
  }

  private List<String[]> lines(String path) {
    List<String[]> lines = new ArrayList<>();
    root.readText(path, MAX_FILE)
        .ifPresent(
            text ->
                text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
                    .map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 2)
                    .forEach(lines::add));
    return lines;
  }

  private static String[] first(List<String[]> entries, Predicate<String[]> wanted) {
    for (String[] entry : entries) {
      if (wanted.test(entry)) {
        return entry;
      }
    }
    return null;
  }

  private static long idOf(String[] entry, int field) {
    Long id = entry.length > field ? number(entry[field]) : null;
    return id == null ? 0 : id; // as Docker reads a field that is no number
  }

  private static Long number(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static long checked(long id) {
    if (id < 0 || id > MAX_ID) {
      throw failure("uids and gids must be in range 0-2147483647");
    }
    return id;
  }

  private static EngineException failure(String message) {
    return new EngineException(ErrorKind.INTERNAL, message);
  }
}
