// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A client that sends and reads bytes, as they are. */
final class TestClient implements AutoCloseable {
  /** In place of headers: a body without a content type. */
  static final String NO_TYPE = "X-Test: Content-Type is left out\r\n";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SocketChannel channel;
  private final StringBuilder read = new StringBuilder();
  private boolean ended;

  TestClient(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
  }

  TestClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  TestClient send(byte[] bytes) throws IOException {
    channel.configureBlocking(true);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    return this;
  }

  /** Sends what fits into the kernel's buffers; returns how much that was. */
  long sendUntilFull(byte[] bytes, Duration stall) throws IOException, InterruptedException {
    channel.configureBlocking(false);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long last = System.nanoTime();
    while (buffer.hasRemaining() && System.nanoTime() - last < stall.toNanos()) {
      if (channel.write(buffer) > 0) {
        last = System.nanoTime();
      } else {
        Thread.sleep(5);
      }
    }
    return buffer.position();
  }

  TestClient request(String method, String path) throws IOException {
    return request(method, path, "", null);
  }

  TestClient request(String method, String path, String headers, String body) throws IOException {
    String length =
        body != null || method.equals("POST")
            ? "Content-Length: "
                + (body == null ? 0 : body.getBytes(StandardCharsets.UTF_8).length)
                + "\r\n"
            : "";
    String type =
        body == null || headers.contains("Content-Type")
            ? ""
            : "Content-Type: application/json\r\n";
    send(method + " " + path + " HTTP/1.1\r\nHost: d\r\n" + headers + type + length + "\r\n");
    return body == null ? this : send(body.getBytes(StandardCharsets.UTF_8));
  }

  TestClient closeOutput() throws IOException {
    channel.shutdownOutput();
    return this;
  }

  /** Reads until the text has come, and takes all up to its end. */
  String readUntil(String text) throws IOException {
    while (read.indexOf(text) < 0) {
      if (!fill()) {
        throw new AssertionError("no " + text + " in <" + read + ">, ended: " + ended);
      }
    }
    return take(read.indexOf(text) + text.length());
  }

  String readToEnd() throws IOException {
    boolean more = true;
    while (more) {
      more = fill();
    }
    if (!ended) {
      throw new AssertionError("no end after <" + read + ">");
    }
    return take(read.length());
  }

  /** One response whose length is known or that is chunked; as it came, without the date. */
  String response() throws IOException {
    String head = readUntil("\r\n\r\n");
    String lower = head.toLowerCase(java.util.Locale.ROOT);
    String body = "";
    int length = lower.indexOf("content-length: ");
    if (length >= 0) {
      int size = Integer.parseInt(lower.substring(length + 16, lower.indexOf("\r\n", length)));
      boolean more = true;
      while (read.length() < size && more) {
        more = fill();
      }
      body = take(size);
    } else if (lower.contains("transfer-encoding: chunked")) {
      body = readUntil("0\r\n\r\n");
    }
    return (head + body).replaceFirst("Date: [^\r]*\r\n", "");
  }

  /** The body of one response that is not chunked. */
  String body() throws IOException {
    String response = response();
    return response.substring(response.indexOf("\r\n\r\n") + 4);
  }

  private String take(int length) {
    String taken = read.substring(0, length);
    read.delete(0, length);
    return taken;
  }

  private boolean fill() throws IOException {
    channel.configureBlocking(false);
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      if (selector.select(PATIENCE.toMillis()) == 0) {
        return false;
      }
    }
    int count = channel.read(buffer);
    ended = count < 0;
    if (count > 0) {
      read.append(new String(buffer.array(), 0, count, StandardCharsets.ISO_8859_1));
    }
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
