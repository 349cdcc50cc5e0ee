// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import io.gantry.api.error.EngineException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name of an image, normalised: domain, path, and a tag or a digest. The grammar is that of the
 * distribution project: {@code [domain[:port]/]path[:tag][@digest]}.
 *
 * @param tag null if a digest was given without one
 * @param digest null if none was given
 */
record ImageReference(String domain, String path, String tag, String digest) {
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?");
  private static final Pattern TAG = Pattern.compile("[\\w][\\w.-]{0,127}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final String DEFAULT_DOMAIN = "docker.io";
  private static final String LIBRARY = "library/";
  private static final int PATH_MAX = 255;

  /**
   * @throws EngineException INVALID, in the words that docker users know
   */
  static ImageReference parse(String text) {
    Matcher id = Pattern.compile("[0-9a-f]{64}").matcher(text);
    if (id.matches()) {
      throw invalid(
          "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
    }
    String rest = text;
    String digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = rest.substring(at + 1);
      rest = rest.substring(0, at);
      if (!DIGEST.matcher(digest).matches()) {
        throw invalid("invalid reference format");
      }
    }
    String domain = DEFAULT_DOMAIN;
    int slash = rest.indexOf('/');
    String first = slash < 0 ? "" : rest.substring(0, slash);
    if (slash >= 0
        && (first.contains(".")
            || first.contains(":")
            || first.equals("localhost")
            || !first.equals(first.toLowerCase(java.util.Locale.ROOT)))) {
      domain = first.equals("index.docker.io") ? DEFAULT_DOMAIN : first;
      rest = rest.substring(slash + 1);
    }
    String tag = digest == null ? "latest" : null;
    int colon = rest.lastIndexOf(':');
    if (colon >= 0) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
      if (!TAG.matcher(tag).matches()) {
        throw invalid("invalid reference format");
      }
    }
    if (!rest.equals(rest.toLowerCase(java.util.Locale.ROOT))
        && PATH.matcher(rest.toLowerCase(java.util.Locale.ROOT)).matches()) {
      throw invalid("invalid reference format: repository name must be lowercase");
    }
    if (!PATH.matcher(rest).matches() || !DOMAIN.matcher(domain).matches()) {
      throw invalid("invalid reference format");
    }
    String path = domain.equals(DEFAULT_DOMAIN) && !rest.contains("/") ? LIBRARY + rest : rest;
    if (path.length() > PATH_MAX) {
      throw invalid(
          "invalid reference format: repository name must not be more than 255 characters");
    }
    return new ImageReference(domain, path, tag, digest);
  }

  private static EngineException invalid(String message) {
    return EngineException.invalid(message);
  }

  /** The whole name: the key under which it is stored. */
  String normalized() {
    return domain + "/" + path + suffix();
  }

  /** As people read and write it: {@code busybox:latest}. */
  String familiar() {
    String name = path;
    if (!domain.equals(DEFAULT_DOMAIN)) {
      name = domain + "/" + path;
    } else if (path.startsWith(LIBRARY)) {
      name = path.substring(LIBRARY.length());
    }
    return name + suffix();
  }

  private String suffix() {
    return (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }
}
