// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.Buffer;
import java.nio.charset.StandardCharsets;

/** Memory outside the heap that system calls read and write, freed when it is closed. */
public final class NativeMemory implements AutoCloseable {
  private final Memory memory;

  private NativeMemory(Memory memory) {
    this.memory = memory;
  }

  /** {@code bytes} bytes, all zero. */
  public static NativeMemory allocate(long bytes) {
    Memory memory = new Memory(bytes);
    memory.clear();
    return new NativeMemory(memory);
  }

  /** The string in UTF-8 with its final zero byte. */
  public static NativeMemory string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return new NativeMemory(memory);
  }

  public static NativeMemory of(byte[] bytes) {
    Memory memory = new Memory(Math.max(1, bytes.length));
    memory.write(0, bytes, 0, bytes.length);
    return new NativeMemory(memory);
  }

  /** The address of a direct buffer's first byte. */
  public static long address(Buffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  public long address() {
    return Pointer.nativeValue(memory);
  }

  public long size() {
    return memory.size();
  }

  public byte getByte(long offset) {
    return memory.getByte(offset);
  }

  public int getInt(long offset) {
    return memory.getInt(offset);
  }

  public long getLong(long offset) {
    return memory.getLong(offset);
  }

  public NativeMemory setByte(long offset, byte value) {
    memory.setByte(offset, value);
    return this;
  }

  public NativeMemory setShort(long offset, short value) {
    memory.setShort(offset, value);
    return this;
  }

  public NativeMemory setInt(long offset, int value) {
    memory.setInt(offset, value);
    return this;
  }

  public NativeMemory setLong(long offset, long value) {
    memory.setLong(offset, value);
    return this;
  }

  public byte[] getBytes(long offset, int length) {
    return memory.getByteArray(offset, length);
  }

  public void setBytes(long offset, byte[] bytes) {
    memory.write(offset, bytes, 0, bytes.length);
  }

  @Override
  public void close() {
    memory.close();
  }
}
