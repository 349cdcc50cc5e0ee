// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.stream.InputSink;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.StreamType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process whose program is its first word: {@code echo} prints its arguments and ends, {@code
 * cat} prints its input, {@code stuck} never takes a second chunk of input, anything else waits for
 * its end.
 */
final class FakeProcess {
  final List<String> words;
  final boolean terminal;
  final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final List<OutputSink> sinks = new ArrayList<>();
  private boolean started;
  private final AtomicLong receivedBytes = new AtomicLong();
  volatile boolean inputEnded;
  volatile int subscriptionsClosed;
  final CompletableFuture<Void> unstuck = new CompletableFuture<>();

  FakeProcess(List<String> words, boolean terminal) {
    this.words = words;
    this.terminal = terminal;
  }

  synchronized AttachedStreams attach(OutputSink sink) {
    sinks.add(sink);
    if (exit.isDone()) {
      sink.end(null);
    }
    return new AttachedStreams(input(), terminal, () -> closed(sink));
  }

  private synchronized void closed(OutputSink sink) {
    sinks.remove(sink);
    subscriptionsClosed++;
  }

  long received() {
    return receivedBytes.get();
  }

  synchronized int attached() {
    return sinks.size();
  }

  void start() {
    synchronized (this) {
      started = true;
    }
    if (words.get(0).equals("echo")) {
      print(String.join(" ", words.subList(1, words.size())) + "\n").thenRun(() -> end(0));
    }
  }

  synchronized boolean started() {
    return started;
  }

  private InputSink input() {
    return new InputSink() {
      @Override
      public CompletionStage<Void> write(ByteBuffer bytes) {
        receivedBytes.addAndGet(bytes.remaining());
        return switch (words.get(0)) {
          case "cat" -> write(StreamType.STDOUT, bytes);
          case "stuck" -> unstuck;
          default -> CompletableFuture.completedStage(null);
        };
      }

      private CompletionStage<Void> write(StreamType type, ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        return FakeProcess.this.write(type, copy);
      }

      @Override
      public void end() {
        inputEnded = true;
        if (words.get(0).equals("cat")) {
          FakeProcess.this.end(0);
        }
      }
    };
  }

  CompletionStage<Void> print(String text) {
    return write(StreamType.STDOUT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  synchronized CompletionStage<Void> write(StreamType type, ByteBuffer bytes) {
    CompletableFuture<?>[] all =
        sinks.stream()
            .map(sink -> sink.write(type, bytes.duplicate()).toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all);
  }

  void end(int code) {
    List<OutputSink> all;
    synchronized (this) {
      all = List.copyOf(sinks);
    }
    if (exit.complete(code)) {
      all.forEach(sink -> sink.end(null));
    }
  }
}
