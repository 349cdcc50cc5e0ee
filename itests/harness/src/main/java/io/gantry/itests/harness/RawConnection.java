// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.harness;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * One connection to an engine's socket on which a test sends and receives exact bytes. Text is
 * ISO-8859-1 on both ways: one char, one byte.
 */
public final class RawConnection implements AutoCloseable {
  private final SocketChannel channel;
  private final Selector selector;
  private final Duration patience;
  private final ByteBuffer incoming = ByteBuffer.allocate(64 * 1024).limit(0);

  /** Connects; each later read waits at most {@code patience} for its bytes. */
  public RawConnection(Path socket, Duration patience) throws IOException {
    this.patience = patience;
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    channel.configureBlocking(false);
    selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
  }

  /** Sends these bytes, all of them. */
  public void send(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        Thread.onSpinWait();
      }
    }
  }

  /** Closes our half: the engine sees the end of input, answers can still be read. */
  public void closeOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Reads a head, with its empty line. */
  public String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      head.append(readChar());
    }
    return head.toString();
  }

  /** Reads one response as it is on the wire: head, and the body that its framing announces. */
  public String readResponse(boolean toHead) throws IOException {
    String head = readHead();
    String fields = head.toLowerCase(Locale.ROOT);
    int status = Integer.parseInt(head.substring(9, 12));
    if (toHead || status == 204 || status == 304 || status == 101) {
      return head;
    }
    if (fields.contains("\r\ntransfer-encoding: chunked\r\n")) {
      return head + readChunks();
    }
    int at = fields.indexOf("\r\ncontent-length: ");
    if (at >= 0) {
      String value = fields.substring(at + 18, fields.indexOf('\r', at + 2)).trim();
      return head + readBytes(Integer.parseInt(value));
    }
    return head + readToEnd();
  }

  /** Reads exactly so many bytes. */
  public String readBytes(int count) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < count) {
      text.append(readChar());
    }
    return text.toString();
  }

  /** Reads until this text has come, inclusive. */
  public String readUntil(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith(end)) {
      text.append(readChar());
    }
    return text.toString();
  }

  /** Reads until the engine closes. */
  public String readToEnd() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (fill()) {
      text.write(incoming.array(), incoming.position(), incoming.remaining());
      incoming.position(incoming.limit());
    }
    return text.toString(StandardCharsets.ISO_8859_1);
  }

  private String readChunks() throws IOException {
    StringBuilder body = new StringBuilder();
    while (true) {
      String size = readUntil("\r\n");
      body.append(size).append(readBytes(Integer.parseInt(size.trim(), 16))).append(readBytes(2));
      if (size.equals("0\r\n")) {
        return body.toString();
      }
    }
  }

  private char readChar() throws IOException {
    if (!fill()) {
      throw new EOFException("the engine closed the connection");
    }
    return (char) (incoming.get() & 0xff);
  }

  private boolean fill() throws IOException {
    if (incoming.hasRemaining()) {
      return true;
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      incoming.clear();
      int count = channel.read(incoming);
      incoming.flip();
      if (count != 0) {
        return count > 0;
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IOException("nothing came within " + patience);
      }
      selector.select(left);
      selector.selectedKeys().clear();
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
