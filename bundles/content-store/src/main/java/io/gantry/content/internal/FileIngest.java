// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.content.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.core.content.Digest;
import io.gantry.core.content.Ingest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Function;

/** A blob that is being written: hashed on the way, renamed at its end. */
/** A file under a name of its own, moved to its place when its digest is known. */
final class FileIngest implements Ingest {
  private static final int REHASH_BYTES = 1 << 20;
  private static final String TEMPORARY = "temporary-";

  private final Path file;
  private final FileChannel channel;
  private final MessageDigest hash = sha256();
  private final Function<Digest, Path> place;
  private long offset;

  private FileIngest(Path file, FileChannel channel, Function<Digest, Path> place) {
    this.file = file;
    this.channel = channel;
    this.place = place;
  }

  static FileIngest open(Path directory, String reference, Function<Digest, Path> place) {
    Path file =
        directory.resolve(
            reference == null
                ? TEMPORARY + UUID.randomUUID()
                : hex(sha256().digest(reference.getBytes(StandardCharsets.UTF_8))));
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileIngest ingest = new FileIngest(file, channel, place);
      try {
        ingest.resume();
        return ingest;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  static void deleteTemporary(Path directory) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, TEMPORARY + "*")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  /** What is there from before is hashed again: the state of a hash cannot be kept. */
  private void resume() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(REHASH_BYTES);
    while (channel.read(buffer.clear()) > 0) {
      hash.update(buffer.flip());
    }
    offset = channel.position();
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public void write(ByteBuffer bytes) {
    try {
      hash.update(bytes.duplicate());
      offset += bytes.remaining();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public Digest commit(Digest expected) {
    Digest actual = new Digest("sha256:" + hex(hash.digest()));
    if (expected != null && !expected.equals(actual)) {
      abort();
      throw new EngineException(
          ErrorKind.DATA_LOSS,
          "blob has digest "
              + actual
              + " and not "
              + expected
              + " as announced: the data is damaged; send it again");
    }
    try {
      channel.close();
      Files.move(file, place.apply(actual), StandardCopyOption.ATOMIC_MOVE);
      return actual;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void abort() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (file.getFileName().toString().startsWith(TEMPORARY)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static EngineException failed(IOException e) {
    boolean full = e.getMessage() != null && e.getMessage().contains("No space left");
    return new EngineException(
        full ? ErrorKind.EXHAUSTED : ErrorKind.INTERNAL,
        "cannot write a blob: " + e.getMessage(),
        e);
  }
}
