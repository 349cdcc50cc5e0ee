// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.stream.StreamType;
import io.gantry.linux.Fd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The output of one process between its pipes and those who want it: the log, attached clients.
 * Bytes lie in one {@link SpoolFile} a stream; the order in which they came, over both streams, is
 * kept as segments. Readers have a {@link Cursor} each, and what all of them are done with is
 * dropped. When the slowest is {@code capacity} behind, the stream is full and the process waits.
 *
 * <p>Thread-safe. The listener is called without a lock held.
 */
final class OutputSpool implements AutoCloseable {
  /** With more unread segments than this, what comes is joined to the last one of its stream. */
  private static final int MANY_SEGMENTS = 512;

  /** Is told when a stream that was full has room again. */
  interface RoomListener {
    void room(StreamType stream);
  }

  /** A piece of output that a reader has before it. */
  record Chunk(StreamType stream, long offset, int length, long timeNanos) {}

  private static final class Segment {
    final StreamType stream;
    final long start;
    final long timeNanos;
    long end;

    Segment(StreamType stream, long start, long end, long timeNanos) {
      this.stream = stream;
      this.start = start;
      this.end = end;
      this.timeNanos = timeNanos;
    }
  }

  private final SpoolFile[] files = new SpoolFile[StreamType.values().length];
  private final boolean[] full = new boolean[files.length];
  private final long capacity;
  private final RoomListener listener;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Cursor> cursors = new ArrayList<>();
  private long firstSegment;
  private boolean finished;
  private boolean closed;

  /**
   * @param stderr null if there is only one stream
   */
  OutputSpool(SpoolFile stdout, SpoolFile stderr, long capacity, RoomListener listener) {
    files[index(StreamType.STDOUT)] = stdout;
    files[index(StreamType.STDERR)] = stderr;
    this.capacity = capacity;
    this.listener = listener;
  }

  /** Takes up what lies in the files of an earlier engine, from {@code offset} on. */
  synchronized void replay(StreamType stream, long offset, long timeNanos) {
    SpoolFile file = file(stream);
    if (file != null && offset < file.size()) {
      segments.add(new Segment(stream, offset, file.size(), timeNanos));
    }
  }

  /**
   * Moves what the pipe has.
   *
   * @return as {@link SpoolFile#spliceFrom}
   */
  int fill(StreamType stream, Fd pipe, int max, long timeNanos) {
    int moved = file(stream).spliceFrom(pipe, max);
    if (moved > 0) {
      added(stream, moved, timeNanos);
    }
    return moved;
  }

  /** As {@link SpoolFile#append}. */
  int append(StreamType stream, ByteBuffer direct, long timeNanos) {
    int length = direct.remaining();
    int result = file(stream).append(direct);
    if (result == 0) {
      added(stream, length, timeNanos);
    }
    return result;
  }

  private synchronized void added(StreamType stream, int length, long timeNanos) {
    long end = file(stream).size();
    Segment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
    if (segments.size() >= MANY_SEGMENTS && last.stream == stream) {
      last.end = end;
    } else {
      segments.add(new Segment(stream, end - length, end, timeNanos));
    }
    if (cursors.isEmpty()) {
      trim();
      file(stream).release(end);
    }
  }

  /** Whether the slowest reader is so far behind that nothing more should be taken. */
  synchronized boolean full(StreamType stream) {
    boolean now = file(stream).size() - released(stream) >= capacity;
    full[index(stream)] = now;
    return now;
  }

  /** A reader of all that is unread by everybody, and of what comes. */
  synchronized Cursor cursorAtStart() {
    return cursorAt(firstSegment, 0);
  }

  /** A reader of what comes from now on. */
  synchronized Cursor cursorAtEnd() {
    if (segments.isEmpty()) {
      return cursorAt(firstSegment, 0);
    }
    Segment last = segments.get(segments.size() - 1); // which may still grow
    return cursorAt(firstSegment + segments.size() - 1, last.end - last.start);
  }

  /** A reader that goes on where {@code other} is. */
  synchronized Cursor cursorAt(Cursor other) {
    return cursorAt(other.segment, other.within);
  }

  private Cursor cursorAt(long segment, long within) {
    Cursor cursor = new Cursor(segment, within);
    for (StreamType stream : StreamType.values()) {
      cursor.released[index(stream)] = cursor.offset(stream);
    }
    cursors.add(cursor);
    return cursor;
  }

  /** Nothing more comes. */
  synchronized void finish() {
    finished = true;
    closeIfDone();
  }

  synchronized boolean finished() {
    return finished;
  }

  void read(Chunk chunk, ByteBuffer direct) {
    file(chunk.stream()).read(chunk.offset(), direct);
  }

  private static int index(StreamType stream) {
    return stream.wireNumber();
  }

  private SpoolFile file(StreamType stream) {
    return files[index(stream)];
  }

  private long released(StreamType stream) {
    long released = file(stream).size();
    for (Cursor cursor : cursors) {
      released = Math.min(released, cursor.released[index(stream)]);
    }
    return released;
  }

  private void trim() {
    long needed = firstSegment + segments.size();
    for (Cursor cursor : cursors) {
      needed = Math.min(needed, cursor.segment);
    }
    int gone = (int) (needed - firstSegment);
    if (gone > 0) {
      segments.subList(0, gone).clear();
      firstSegment = needed;
    }
  }

  private void closeIfDone() {
    if (finished && cursors.isEmpty()) {
      close();
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      for (SpoolFile file : files) {
        if (file != null) {
          file.close();
        }
      }
    }
  }

  /** The place of one reader; used by one thread at a time. */
  final class Cursor implements AutoCloseable {
    private final long[] released = new long[files.length];
    private long segment;
    private long within;

    private Cursor(long segment, long within) {
      this.segment = segment;
      this.within = within;
    }

    /** What comes next, at most {@code max} bytes; null if there is nothing now. */
    Chunk next(int max) {
      synchronized (OutputSpool.this) {
        while (segment < firstSegment + segments.size()) {
          Segment current = segments.get((int) (segment - firstSegment));
          long left = current.end - current.start - within;
          if (left > 0) {
            return new Chunk(
                current.stream,
                current.start + within,
                (int) Math.min(left, max),
                current.timeNanos);
          }
          if (segment == firstSegment + segments.size() - 1) {
            return null; // the last one may still grow
          }
          segment++;
          within = 0;
        }
        return null;
      }
    }

    /** Goes on behind the chunk that {@link #next} returned; its bytes are still needed. */
    void advance(Chunk chunk) {
      synchronized (OutputSpool.this) {
        within += chunk.length();
      }
    }

    /** The bytes of this stream before {@code offset} are not needed any more. */
    void release(StreamType stream, long offset) {
      boolean room;
      synchronized (OutputSpool.this) {
        if (file(stream) == null) {
          return;
        }
        released[index(stream)] = Math.max(released[index(stream)], offset);
        trim();
        room = dropReleased(stream);
      }
      if (room) {
        listener.room(stream);
      }
    }

    /** The offset of the next byte of this stream. */
    long offset(StreamType stream) {
      synchronized (OutputSpool.this) {
        SpoolFile file = file(stream);
        if (file == null) {
          return 0;
        }
        for (long i = segment; i < firstSegment + segments.size(); i++) {
          Segment candidate = segments.get((int) (i - firstSegment));
          if (candidate.stream == stream) {
            return candidate.start + (i == segment ? within : 0);
          }
        }
        return file.size();
      }
    }

    /** Whether everything was read and nothing more comes. */
    boolean atEnd() {
      synchronized (OutputSpool.this) {
        return finished && next(1) == null;
      }
    }

    @Override
    public void close() {
      List<StreamType> roomy = new ArrayList<>();
      synchronized (OutputSpool.this) {
        if (!cursors.remove(this)) {
          return;
        }
        trim();
        for (StreamType stream : StreamType.values()) {
          if (file(stream) != null && dropReleased(stream)) {
            roomy.add(stream);
          }
        }
        closeIfDone();
      }
      roomy.forEach(listener::room);
    }
  }

  /** Whether the stream was full and has room again. */
  private boolean dropReleased(StreamType stream) {
    long released = released(stream);
    file(stream).release(released);
    boolean room = full[index(stream)] && file(stream).size() - released <= capacity / 2;
    if (room) {
      full[index(stream)] = false;
    }
    return room;
  }
}
