// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import io.gantry.itests.harness.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs shell text against one engine, in a directory of its own. */
final class Script {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * What every script has: {@code api METHOD PATH [BODY]} prints the status and the body of a
   * request; {@code until COMMAND} waits for a command to succeed.
   */
  private static final String PRELUDE =
      """
      api() {
        [ $# -lt 3 ] || set -- "$1" "$2" -H 'Content-Type: application/json' -d "$3"
        m=$1; p=$2; shift 2
        curl -s -X "$m" --unix-socket "$SOCKET" -w '%{http_code}\\n' "http://d$p" "$@"
      }
      until_ok() {
        n=0
        while ! "$@" >/dev/null 2>&1; do
          n=$((n+1)); [ $n -lt 100 ] || { echo "never: $*"; return 1; }
          sleep 0.1
        done
      }
      """;

  private Script() {}

  static Shell.Outcome run(String text, Path socket, Path directory, Path images)
      throws IOException {
    Map<String, String> environment =
        Map.of(
            "DOCKER_HOST",
            "unix://" + socket,
            // The reference speaks no more than this; cases for later versions name theirs.
            "DOCKER_API_VERSION",
            "1.41",
            "DOCKER_CONFIG",
            directory.resolve(".docker").toString(),
            "DOCKER_CLI_HINTS",
            "false",
            "SOCKET",
            socket.toString(),
            "IMAGES",
            images.toString(),
            "LC_ALL",
            "C.UTF-8",
            "TZ",
            "UTC");
    return Shell.run(List.of("sh", "-c", PRELUDE + text), environment, directory, LIMIT);
  }
}
