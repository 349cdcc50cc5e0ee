// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

/** This machine's platform in the words of images. */
final class Platforms {
  static final String ARCHITECTURE =
      switch (System.getProperty("os.arch")) {
        case "amd64", "x86_64" -> "amd64";
        case "aarch64" -> "arm64";
        default -> System.getProperty("os.arch");
      };

  private Platforms() {}
}
