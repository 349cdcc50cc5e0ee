// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.logging.LogBatch;
import io.gantry.api.logging.LogDriver;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.logging.ReadableLog;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The log driver {@code json-file}: Docker's file format, Docker's file names. */
@Component(service = LogDriver.class, property = "gantry.driver=json-file")
public final class JsonFileLogDriver implements LogDriver, ReadableLog {
  private final LogCompressor compressor = new LogCompressor();
  private final ReadBuffers buffers = new ReadBuffers();
  private final ArrayBlockingQueue<JsonLineEncoder> encoders = new ArrayBlockingQueue<>(4);

  /** By container, until its log is removed: open files and where they end, as a cache. */
  private final ConcurrentHashMap<String, LogWriter> writers = new ConcurrentHashMap<>();

  @Activate
  public JsonFileLogDriver() {}

  @Deactivate
  void deactivate() {
    compressor.close();
    writers.values().forEach(LogWriter::close);
    writers.clear();
  }

  @Override
  public void validate(Map<String, String> driverOptions) {
    JsonFileOptions.parse(driverOptions);
    LogAttributes.validate(driverOptions);
  }

  @Override
  public LogPosition append(LogTarget target, LogPosition from, List<LogEntry> entries) {
    LogWriter writer =
        writers.computeIfAbsent(target.containerId(), id -> new LogWriter(target, compressor));
    JsonLineEncoder idle = encoders.poll();
    JsonLineEncoder encoder = idle != null ? idle : new JsonLineEncoder();
    try {
      return writer.append(from, entries, encoder);
    } catch (IOException e) {
      throw failed("write", target, e);
    } finally {
      encoders.offer(encoder);
    }
  }

  @Override
  public void release(LogTarget target) {
    LogWriter writer = writers.get(target.containerId());
    if (writer != null) {
      try {
        writer.release();
      } catch (IOException e) {
        throw failed("close", target, e);
      }
    }
  }

  @Override
  public void remove(LogTarget target) {
    LogWriter writer = writers.remove(target.containerId());
    try {
      if (writer != null) {
        writer.remove();
      } else {
        generations(target).deleteAll();
      }
    } catch (IOException e) {
      throw failed("remove", target, e);
    }
  }

  @Override
  public LogPosition seek(LogTarget target, LogPosition end, LogQuery query) {
    try {
      return new LogReader(generations(target)).seek(end, query);
    } catch (IOException e) {
      throw failed("read", target, e);
    }
  }

  @Override
  public LogBatch read(
      LogTarget target, LogPosition from, LogPosition end, LogQuery query, int maxBytes) {
    try {
      return new LogReader(generations(target)).read(from, end, query, maxBytes, buffers);
    } catch (IOException e) {
      throw failed("read", target, e);
    }
  }

  private static LogGenerations generations(LogTarget target) {
    return new LogGenerations(target.directory(), target.containerId());
  }

  private static EngineException failed(String action, LogTarget target, IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
    return new EngineException(
        full ? ErrorKind.EXHAUSTED : ErrorKind.INTERNAL,
        "cannot "
            + action
            + " the log of container "
            + target.containerId()
            + " in "
            + target.directory()
            + ": "
            + reason
            + (full ? "; free space there, the container waits until then" : ""),
        cause);
  }
}
