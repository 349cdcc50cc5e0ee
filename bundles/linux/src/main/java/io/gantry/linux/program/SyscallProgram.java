// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.program;

import io.gantry.linux.Errno;
import io.gantry.linux.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * A program of system calls and the data that they point to; pure data until {@link InitImage}
 * makes an executable of it. Not for use by several threads.
 *
 * <p>All addresses are fixed, because the image is loaded at fixed addresses: operations begin at
 * {@link #OPERATIONS}, data at {@link #DATA}.
 */
public final class SyscallProgram {
  public static final long CODE = 0x400000;
  public static final long OPERATIONS = 0x600000;
  public static final long DATA = 0x700000;
  static final int OPERATION_BYTES = 128;
  private static final int OPERATIONS_MAX = (int) ((DATA - OPERATIONS) / OPERATION_BYTES);

  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, Long> strings = new HashMap<>();
  private ByteBuffer data = ByteBuffer.allocate(16 << 10).order(ByteOrder.LITTLE_ENDIAN);

  /** Zeroed memory, aligned to 16 bytes. */
  public long reserve(int bytes) {
    int start = (data.position() + 15) & ~15;
    ensure(start + bytes);
    data.position(start + bytes);
    return DATA + start;
  }

  public long bytes(byte[] content) {
    long address = reserve(content.length);
    System.arraycopy(content, 0, data.array(), (int) (address - DATA), content.length);
    return address;
  }

  /** A zero-terminated string; 0 (NULL) for null. The same string is stored once. */
  public long string(String value) {
    if (value == null) {
      return 0;
    }
    return strings.computeIfAbsent(
        value,
        text -> {
          if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a string for the kernel holds a zero byte");
          }
          byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
          return bytes(Arrays.copyOf(utf8, utf8.length + 1));
        });
  }

  public long longs(long... values) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      buffer.putLong(value);
    }
    return bytes(buffer.array());
  }

  public long ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      buffer.putInt(value);
    }
    return bytes(buffer.array());
  }

  /** A null-terminated array of strings, as execve(2) takes it. */
  public long vector(List<String> values) {
    long[] addresses = new long[values.size() + 1];
    for (int i = 0; i < values.size(); i++) {
      addresses[i] = string(values.get(i));
    }
    return longs(addresses);
  }

  public Adder add(String label, Syscall call, long... arguments) {
    if (operations.size() == OPERATIONS_MAX) {
      throw new IllegalStateException("a program has more than " + OPERATIONS_MAX + " operations");
    }
    Long[] boxed = new Long[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      boxed[i] = arguments[i];
    }
    operations.add(new Operation(label, call, List.of(boxed), 0, 0, List.of(), List.of(), null));
    return new Adder(operations.size() - 1);
  }

  public void place(Operation.Label label) {
    label.place(operations.size());
  }

  /**
   * The address of an argument of the operation that will be added {@code ahead} operations after
   * the next one.
   */
  public long argumentOfNext(int ahead, int argument) {
    return OPERATIONS + (long) (operations.size() + ahead) * OPERATION_BYTES + 8L * (1 + argument);
  }

  public List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** The label of the operation at an address, as a failure reports it. */
  public String labelAt(long address) {
    long index = (address - OPERATIONS) / OPERATION_BYTES;
    return index >= 0 && index < operations.size()
        ? operations.get((int) index).label()
        : "operation at 0x" + Long.toHexString(address);
  }

  /** One line an operation. */
  String labels() {
    StringBuilder text = new StringBuilder(operations.size() * 32);
    for (Operation operation : operations) {
      text.append(text.isEmpty() ? "" : "\n").append(operation.label().replace('\n', ' '));
    }
    return text.toString();
  }

  int dataBytes() {
    return data.position();
  }

  int operationBytes() {
    return operations.size() * OPERATION_BYTES;
  }

  void writeData(ByteBuffer out) {
    out.put(data.array(), 0, data.position());
  }

  void writeOperations(ByteBuffer out, ToIntFunction<Syscall> numbers) {
    for (Operation operation : operations) {
      out.putLong(numbers.applyAsInt(operation.call()));
      for (int i = 0; i < 6; i++) {
        out.putLong(i < operation.arguments().size() ? operation.arguments().get(i) : 0);
      }
      out.putLong(operation.storeTo());
      out.putLong(operation.storeWidth());
      for (int i = 0; i < Operation.IGNORED_MAX; i++) {
        out.putShort((short) (i < operation.ignored().size() ? operation.ignored().get(i) : 0));
      }
      out.putLong(addressOf(operation.branchIfZero()));
      for (int i = 0; i < Operation.IGNORED_MAX; i++) {
        out.putLong(i < operation.handlers().size() ? addressOf(operation.handlers().get(i)) : 0);
      }
      out.putLong(0);
    }
  }

  private static long addressOf(Operation.Label label) {
    return label == null ? 0 : OPERATIONS + (long) label.index() * OPERATION_BYTES;
  }

  /** One line an operation, in the manner of strace. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < operations.size(); i++) {
      Operation o = operations.get(i);
      text.append(i)
          .append(": ")
          .append(o.call().name().toLowerCase(java.util.Locale.ROOT))
          .append('(');
      for (int a = 0; a < o.arguments().size(); a++) {
        text.append(a == 0 ? "" : ", ").append(show(o.arguments().get(a)));
      }
      text.append(')');
      if (o.storeTo() != 0) {
        text.append(" -> *0x").append(Long.toHexString(o.storeTo()));
      }
      if (!o.ignored().isEmpty()) {
        text.append(" ignoring ");
        for (int e = 0; e < o.ignored().size(); e++) {
          text.append(e == 0 ? "" : " ").append(Errno.name(o.ignored().get(e)));
          if (o.handlers().get(e) != null) {
            text.append(": ").append(o.handlers().get(e).index());
          }
        }
      }
      if (o.branchIfZero() != null) {
        text.append(" zero: ").append(o.branchIfZero().index());
      }
      text.append("  # ").append(o.label()).append('\n');
    }
    return text.toString();
  }

  private String show(long value) {
    for (Map.Entry<String, Long> entry : strings.entrySet()) {
      if (entry.getValue() == value) {
        return '"' + entry.getKey() + '"';
      }
    }
    return value >= -4096 && value < 4096 ? Long.toString(value) : "0x" + Long.toHexString(value);
  }

  private void ensure(int bytes) {
    if (bytes > data.capacity()) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(bytes, data.capacity() * 2)).order(ByteOrder.LITTLE_ENDIAN);
      larger.put(data.array(), 0, data.position());
      data = larger;
    }
  }

  /** Says more about the operation just added. */
  public final class Adder {
    private final int index;

    private Adder(int index) {
      this.index = index;
    }

    /** The address of one of its arguments, for the operation before it that finds it out. */
    public long argument(int number) {
      return OPERATIONS + (long) index * OPERATION_BYTES + 8L * (1 + number);
    }

    /** Goes on with the next operation upon these errors. */
    public Adder ignoring(Integer... errnos) {
      for (Integer errno : errnos) {
        handling(errno, null);
      }
      return this;
    }

    /** Goes on at a label upon this error. */
    public Adder handling(int errno, Operation.Label label) {
      Operation o = operations.get(index);
      List<Integer> ignored = new ArrayList<>(o.ignored());
      List<Operation.Label> handlers = new ArrayList<>(o.handlers());
      ignored.add(errno);
      handlers.add(label);
      return replace(
          new Operation(
              o.label(),
              o.call(),
              o.arguments(),
              o.storeTo(),
              o.storeWidth(),
              ignored,
              handlers,
              o.branchIfZero()));
    }

    /** Writes the result to an address, {@code width} bytes wide. */
    public Adder storing(long address, int width) {
      Operation o = operations.get(index);
      return replace(
          new Operation(
              o.label(),
              o.call(),
              o.arguments(),
              address,
              width,
              o.ignored(),
              o.handlers(),
              o.branchIfZero()));
    }

    public Adder branchIfZero(Operation.Label label) {
      Operation o = operations.get(index);
      return replace(
          new Operation(
              o.label(),
              o.call(),
              o.arguments(),
              o.storeTo(),
              o.storeWidth(),
              o.ignored(),
              o.handlers(),
              label));
    }

    private Adder replace(Operation operation) {
      operations.set(index, operation);
      return this;
    }
  }
}
