// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import io.gantry.itests.harness.RawConnection;
import io.gantry.itests.harness.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps of a case on a connection. What is received is printed byte for byte, what is not printable
 * as {@code \r}, {@code \n}, {@code \xHH}.
 *
 * <pre>
 * $ COMMAND            run it in sh, print what it writes
 * let NAME COMMAND     keep the first line of its output, used as {NAME} in later steps
 * open                 go on with a new connection
 * > TEXT               send the text and CR LF
 * >| TEXT              send the text alone; both know \r \n \t \\ \xHH
 * request METHOD PATH [BODY]   a whole request, JSON if there is a body; print the response
 * response [head]      receive a response as framed by its head
 * head                 receive a head alone
 * bytes N              receive so many bytes
 * text TEXT            receive until this text has come
 * eof                  receive until the engine closes
 * close-output         close our half
 * sleep MS
 * </pre>
 */
final class WireSteps implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Path socket;
  private final Path directory;
  private final Path images;
  private final StringBuilder transcript = new StringBuilder();
  private final Map<String, String> names = new HashMap<>();
  private RawConnection connection;

  WireSteps(Path socket, Path directory, Path images) {
    this.socket = socket;
    this.directory = directory;
    this.images = images;
  }

  /** Runs the steps; a step that cannot be done ends the case and is part of its answer. */
  String run(List<String> steps) throws IOException {
    for (String step : steps) {
      try {
        run(step);
      } catch (IOException e) {
        transcript.append("! ").append(step).append(": ").append(e.getMessage()).append('\n');
        break;
      }
    }
    return transcript.toString();
  }

  private void run(String step) throws IOException {
    String[] words = step.split(" ", 2);
    String rest = words.length < 2 ? "" : substitute(words[1]);
    switch (words[0]) {
      case "$" -> shell(rest);
      case "let" -> let(rest);
      case "open" -> open();
      case ">" -> connection().send(unescape(rest) + "\r\n");
      case ">|" -> connection().send(unescape(rest));
      case "request" -> request(rest.split(" ", 3));
      case "response" -> print(connection().readResponse(rest.equals("head")));
      case "head" -> print(connection().readHead());
      case "bytes" -> print(connection().readBytes(Integer.parseInt(rest)));
      case "text" -> print(connection().readUntil(unescape(rest)));
      case "eof" -> print(connection().readToEnd() + "<end>");
      case "close-output" -> connection().closeOutput();
      case "sleep" -> pause(Integer.parseInt(rest));
      default -> throw new IllegalArgumentException("no such step: " + step);
    }
  }

  private void shell(String command) throws IOException {
    Shell.Outcome outcome = Script.run(command, socket, directory, images);
    transcript.append(outcome.stdout()).append(outcome.stderr());
    transcript.append("exit ").append(outcome.exitCode()).append('\n');
  }

  private void let(String rest) throws IOException {
    String[] parts = rest.split(" ", 2);
    Shell.Outcome outcome = Script.run(parts[1], socket, directory, images);
    names.put(parts[0], outcome.orFail(rest).lines().findFirst().orElse(""));
  }

  private void request(String[] parts) throws IOException {
    byte[] bytes = parts.length < 3 ? new byte[0] : parts[2].getBytes(StandardCharsets.UTF_8);
    String body = new String(bytes, StandardCharsets.ISO_8859_1);
    StringBuilder head = new StringBuilder(parts[0] + " " + parts[1] + " HTTP/1.1\r\nHost: d\r\n");
    if (!body.isEmpty()) {
      head.append("Content-Type: application/json\r\nContent-Length: ");
      head.append(bytes.length).append("\r\n");
    }
    connection().send(head + "\r\n" + body);
    print(connection().readResponse(parts[0].equals("HEAD")));
  }

  private void open() throws IOException {
    close();
    connection = new RawConnection(socket, PATIENCE);
  }

  private RawConnection connection() throws IOException {
    if (connection == null) {
      open();
    }
    return connection;
  }

  private void print(String bytes) {
    transcript.append(escape(bytes)).append('\n');
  }

  private String substitute(String text) {
    String result = text;
    for (Map.Entry<String, String> name : names.entrySet()) {
      result = result.replace("{" + name.getKey() + "}", name.getValue());
    }
    return result;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static String escape(String bytes) {
    StringBuilder text = new StringBuilder();
    for (char c : bytes.toCharArray()) {
      switch (c) {
        case '\r' -> text.append("\\r");
        case '\n' -> text.append("\\n\n");
        default -> {
          if (c < ' ' || c > '~') {
            text.append("\\x%02x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    return text.toString();
  }

  static String unescape(String text) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        bytes.append(c);
        continue;
      }
      i++;
      switch (text.charAt(i)) {
        case 'r' -> bytes.append('\r');
        case 'n' -> bytes.append('\n');
        case 't' -> bytes.append('\t');
        case 'x' -> {
          bytes.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
          i += 2;
        }
        default -> bytes.append(text.charAt(i));
      }
    }
    return bytes.toString();
  }

  @Override
  public void close() throws IOException {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
