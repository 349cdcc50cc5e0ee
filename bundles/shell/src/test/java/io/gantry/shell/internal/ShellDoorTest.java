// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ShellDoorTest {
  @TempDir Path directory;

  private Path socket() {
    return directory.resolve("shell.sock");
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
  }

  private static FrameChannel greet(SocketChannel channel, String words) throws IOException {
    FrameChannel frames = new FrameChannel(channel);
    frames.write(FrameType.HELLO, "1\0/work dir\0xterm\0" + "100\0" + "40" + words);
    return frames;
  }

  @Test
  void aCommandGetsItsWordsAndGivesItsOutputAndExitCode() throws Exception {
    ShellProgram program =
        (hello, client) -> {
          client.out().println(hello.words() + " in " + hello.directory() + " " + hello.size());
          client.err().println("warned");
          return 42;
        };
    try (ShellDoor door = new ShellDoor(socket(), program, peer -> true);
        SocketChannel channel = connect()) {
      FrameChannel frames = greet(channel, "\0exec\0a b\0");
      assertEquals(
          "[exec, a b, ] in /work dir TerminalSize[columns=100, rows=40]\n", frames.read().text());
      Frame error = frames.read();
      assertEquals(FrameType.ERROR, error.type());
      assertEquals("warned\n", error.text());
      Frame exit = frames.read();
      assertEquals(FrameType.EXIT, exit.type());
      assertEquals("42", exit.text());
      assertNull(frames.read());
    }
  }

  @Test
  void inputComesBackToTheByteAndEnds() throws Exception {
    ShellProgram cat =
        (hello, client) -> {
          client.input().transferTo(client.rawOutput());
          return 0;
        };
    try (ShellDoor door = new ShellDoor(socket(), cat, peer -> true);
        SocketChannel channel = connect()) {
      FrameChannel frames = greet(channel, "\0cat");
      frames.write(FrameType.INPUT, "one");
      assertEquals("one", frames.read().text());
      frames.write(FrameType.INPUT, "\0ÿ");
      assertEquals("\0ÿ", frames.read().text());
      frames.write(FrameType.INPUT_END, "");
      assertEquals("0", frames.read().text());
    }
  }

  @Test
  void aResizeReachesTheProgram() throws Exception {
    CountDownLatch resized = new CountDownLatch(1);
    ShellProgram program =
        (hello, client) -> {
          client.onResize(resized::countDown);
          client.raw(true);
          resized.await();
          client.rawOutput().write(client.size().toString().getBytes(StandardCharsets.UTF_8));
          return 0;
        };
    try (ShellDoor door = new ShellDoor(socket(), program, peer -> true);
        SocketChannel channel = connect()) {
      FrameChannel frames = greet(channel, "");
      assertEquals(FrameType.RAW, frames.read().type());
      frames.write(FrameType.RESIZE, "120\0" + "50");
      assertEquals("TerminalSize[columns=120, rows=50]", frames.read().text());
    }
  }

  @Test
  void aClientThatLeavesInterruptsItsCommand() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    ShellProgram program =
        (hello, client) -> {
          began.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return 0;
        };
    try (ShellDoor door = new ShellDoor(socket(), program, peer -> true)) {
      try (SocketChannel channel = connect()) {
        greet(channel, "\0logs");
        assertTrue(began.await(10, TimeUnit.SECONDS));
      }
      assertTrue(interrupted.await(10, TimeUnit.SECONDS), "the command goes on without its client");
    }
  }

  @Test
  void anotherThanRootIsTurnedAway() throws Exception {
    ShellProgram program =
        (hello, client) -> {
          throw new AssertionError("it came in");
        };
    try (ShellDoor door = new ShellDoor(socket(), program, peer -> false);
        SocketChannel channel = connect()) {
      FrameChannel frames = new FrameChannel(channel);
      assertTrue(frames.read().text().startsWith("permission denied"));
      assertNull(frames.read());
    }
  }

  @Test
  void theSocketIsForItsOwnerAndGoesWithTheDoor() throws Exception {
    try (ShellDoor door = new ShellDoor(socket(), (hello, client) -> 0, peer -> true)) {
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
    }
    assertFalse(Files.exists(socket()));
  }
}
