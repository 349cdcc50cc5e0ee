// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import java.util.Map;

/**
 * One entry of a layer's tar. Names are byte strings: each character stands for one byte, since a
 * name in an image need not be UTF-8.
 *
 * @param type the type flag of the header
 * @param xattrs by name
 */
record TarEntry(
    String name,
    String linkName,
    char type,
    int mode,
    long uid,
    long gid,
    long size,
    long seconds,
    int nanos,
    int major,
    int minor,
    Map<String, byte[]> xattrs) {
  static final char FILE = '0';
  static final char HARD_LINK = '1';
  static final char SYMBOLIC_LINK = '2';
  static final char CHARACTER_DEVICE = '3';
  static final char BLOCK_DEVICE = '4';
  static final char DIRECTORY = '5';
  static final char FIFO = '6';
}
