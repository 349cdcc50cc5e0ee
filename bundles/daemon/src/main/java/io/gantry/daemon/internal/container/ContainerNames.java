// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.error.EngineException;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names of containers: what they may be, and made-up ones. */
final class ContainerNames {
  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
  private static final int TRIES = 6;

  private static final List<String> ADJECTIVES =
      List.of(
          "agile", "amber", "bold", "brisk", "calm", "candid", "clever", "crisp", "deft", "eager",
          "fair", "fleet", "gentle", "grand", "hardy", "humble", "jolly", "keen", "lively", "lucid",
          "mellow", "merry", "nimble", "noble", "patient", "plucky", "proud", "quick", "quiet",
          "ready", "robust", "serene", "sharp", "sound", "spry", "steady", "sturdy", "sunny",
          "swift", "tidy", "trusty", "upbeat", "vivid", "warm", "wise", "witty");
  private static final List<String> SURNAMES =
      List.of(
          "archimedes",
          "babbage",
          "bernoulli",
          "boole",
          "brunel",
          "carnot",
          "cauchy",
          "curie",
          "darwin",
          "dijkstra",
          "einstein",
          "euler",
          "faraday",
          "fermat",
          "gauss",
          "germain",
          "goodall",
          "hamilton",
          "hooke",
          "hopper",
          "huygens",
          "kepler",
          "knuth",
          "lamport",
          "leibniz",
          "liskov",
          "lovelace",
          "maxwell",
          "meitner",
          "mendel",
          "newton",
          "noether",
          "pascal",
          "planck",
          "ritchie",
          "shannon",
          "stephenson",
          "stevin",
          "telford",
          "tesla",
          "thompson",
          "torvalds",
          "turing",
          "volta",
          "watt",
          "wright");

  private ContainerNames() {}

  /** Without a leading slash. */
  static String check(String name) {
    String bare = name.startsWith("/") ? name.substring(1) : name;
    if (!ALLOWED.matcher(bare).matches()) {
      throw EngineException.invalid(
          "Invalid container name ("
              + name
              + "), only "
              + ALLOWED.pattern().replace("+", "")
              + " are allowed");
    }
    return bare;
  }

  static String makeUp(Predicate<String> taken) {
    RandomGenerator random = RandomGenerator.getDefault();
    for (int i = 0; i < TRIES; i++) {
      String name =
          ADJECTIVES.get(random.nextInt(ADJECTIVES.size()))
              + "_"
              + SURNAMES.get(random.nextInt(SURNAMES.size()));
      String candidate = i == 0 ? name : name + random.nextInt(10);
      if (!taken.test(candidate)) {
        return candidate;
      }
    }
    String name;
    do {
      name = "container_" + Integer.toHexString(random.nextInt());
    } while (taken.test(name));
    return name;
  }
}
