// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import java.util.HashMap;
import java.util.Map;

/**
 * A method, a template and what is done. {@code {id}} stands for one segment of the path, {@code
 * {name...}} for one or more: names of images have slashes.
 *
 * @param work how long it may take, which decides on the threads
 */
public record Route(String method, String template, Work work, Operation operation) {
  /** What an operation asks of the threads. */
  public enum Work {
    /** Milliseconds, or does not wait. */
    SHORT,
    /** May wait for a process to end. */
    WAITING,
    /** Reads an archive from the client. */
    UPLOAD,
    /** Is refused, whatever the body. */
    NONE
  }

  /** The variables, or null if the path is another one. */
  Map<String, String> match(String[] segments) {
    String[] parts = template.substring(1).split("/", -1);
    Map<String, String> variables = new HashMap<>();
    int at = 0;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (at >= segments.length) {
        return null;
      }
      if (part.endsWith("...}")) {
        int end = segments.length - (parts.length - i - 1);
        if (end <= at) {
          return null;
        }
        variables.put(part.substring(1, part.length() - 4), join(segments, at, end));
        at = end;
      } else if (part.startsWith("{")) {
        if (segments[at].isEmpty()) {
          return null;
        }
        variables.put(part.substring(1, part.length() - 1), segments[at++]);
      } else if (!part.equals(segments[at++])) {
        return null;
      }
    }
    return at == segments.length ? variables : null;
  }

  private static String join(String[] segments, int from, int to) {
    return String.join("/", java.util.Arrays.asList(segments).subList(from, to));
  }
}
