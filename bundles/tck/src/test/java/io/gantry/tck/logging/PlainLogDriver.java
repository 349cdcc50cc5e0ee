// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.logging;

import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogBatch;
import io.gantry.api.logging.LogDriver;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.logging.ReadableLog;
import io.gantry.api.stream.StreamType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A log driver whose disk is a map that outlives it. Each file has 100 lines. */
class PlainLogDriver implements LogDriver, ReadableLog {
  private static final int LINES_PER_FILE = 100;
  private static final int FILES = 3;

  private final Map<String, NavigableMap<Long, List<LogEntry>>> disk;

  PlainLogDriver(Map<String, NavigableMap<Long, List<LogEntry>>> disk) {
    this.disk = disk;
  }

  @Override
  public void validate(Map<String, String> driverOptions) {
    if (!driverOptions.isEmpty()) {
      throw EngineException.invalid("unknown log opts " + driverOptions.keySet());
    }
  }

  @Override
  public LogPosition append(LogTarget target, LogPosition from, List<LogEntry> entries) {
    NavigableMap<Long, List<LogEntry>> files =
        disk.computeIfAbsent(target.containerId(), id -> new TreeMap<>());
    cut(files, from);
    files.headMap(from.file() - FILES + 1).clear();
    long file = from.file();
    for (LogEntry entry : entries) {
      List<LogEntry> current = files.computeIfAbsent(file, f -> new ArrayList<>());
      if (current.size() == LINES_PER_FILE) {
        current = files.computeIfAbsent(++file, f -> new ArrayList<>());
      }
      current.add(entry);
    }
    return new LogPosition(file, files.getOrDefault(file, List.of()).size());
  }

  void cut(NavigableMap<Long, List<LogEntry>> files, LogPosition from) {
    files.tailMap(from.file(), false).clear();
    List<LogEntry> current = files.computeIfAbsent(from.file(), f -> new ArrayList<>());
    current.subList((int) from.offset(), current.size()).clear();
  }

  @Override
  public void release(LogTarget target) {}

  @Override
  public void remove(LogTarget target) {
    disk.remove(target.containerId());
  }

  @Override
  public LogPosition seek(LogTarget target, LogPosition end, LogQuery query) {
    NavigableMap<Long, List<LogEntry>> files = files(target);
    if (query.tail() < 0) {
      return LogPosition.START;
    }
    long wanted = query.tail();
    for (long file : files.headMap(end.file(), true).descendingKeySet()) {
      long lines = file == end.file() ? end.offset() : files.get(file).size();
      if (lines >= wanted) {
        return new LogPosition(file, lines - wanted);
      }
      wanted -= lines;
    }
    return files.isEmpty() ? end : new LogPosition(files.firstKey(), 0);
  }

  @Override
  public LogBatch read(
      LogTarget target, LogPosition from, LogPosition end, LogQuery query, int maxBytes) {
    List<LogEntry> found = new ArrayList<>();
    LogPosition at = from;
    int bytes = 0;
    while (at.compareTo(end) < 0 && bytes < maxBytes) {
      List<LogEntry> file = files(target).getOrDefault(at.file(), List.of());
      if (at.offset() >= file.size()) {
        at = new LogPosition(at.file() + 1, 0);
        continue;
      }
      LogEntry entry = file.get((int) at.offset());
      at = new LogPosition(at.file(), at.offset() + 1);
      if (matches(entry, query)) {
        found.add(entry);
        bytes += entry.line().length + 1;
      }
    }
    return new LogBatch(found, at);
  }

  boolean matches(LogEntry entry, LogQuery query) {
    return (entry.stream() == StreamType.STDERR ? query.stderr() : query.stdout())
        && entry.timeNanos() >= query.sinceNanos()
        && (query.untilNanos() == 0 || entry.timeNanos() <= query.untilNanos());
  }

  private NavigableMap<Long, List<LogEntry>> files(LogTarget target) {
    return disk.getOrDefault(target.containerId(), new TreeMap<>());
  }
}
