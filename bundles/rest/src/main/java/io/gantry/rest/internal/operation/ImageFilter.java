// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.ImageDetails;
import io.gantry.rest.internal.http.Exchange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The filters of {@code docker images}. */
final class ImageFilter implements Predicate<ImageDetails> {
  private static final Set<String> ACCEPTED =
      Set.of("before", "dangling", "label", "reference", "since");

  private final Filters filters;
  private final Boolean dangling;
  private final Instant before;
  private final Instant since;
  private final List<Pattern> references;

  private ImageFilter(Filters filters, Exchange exchange) {
    this.filters = filters;
    this.dangling = filters.bool("dangling");
    this.before = created(filters, "before", exchange);
    this.since = created(filters, "since", exchange);
    this.references = filters.get("reference").stream().map(ImageFilter::glob).toList();
  }

  static ImageFilter of(Exchange exchange) {
    return new ImageFilter(Filters.of(exchange, ACCEPTED), exchange);
  }

  private static Instant created(Filters filters, String name, Exchange exchange) {
    if (!filters.has(name)) {
      return null;
    }
    return exchange.engine().images().inspect(filters.get(name).get(0)).created();
  }

  /** Go's {@code path.Match}: a star ends at a slash. */
  private static Pattern glob(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '*' -> regex.append("[^/]*");
        case '?' -> regex.append("[^/]");
        case '[', ']', '-', '^' -> regex.append(c);
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString());
    } catch (java.util.regex.PatternSyntaxException e) {
      throw Filters.invalid("reference", pattern);
    }
  }

  @Override
  public boolean test(ImageDetails image) {
    Map<String, String> labels = image.config() == null ? null : image.config().labels();
    return (dangling == null || dangling == image.repoTags().isEmpty())
        && filters.labels("label", labels)
        && (before == null || image.created().isBefore(before))
        && (since == null || image.created().isAfter(since))
        && (references.isEmpty() || !matchingNames(image).repoTags().isEmpty());
  }

  /** The image with those of its names alone that were asked for. */
  ImageDetails matchingNames(ImageDetails image) {
    if (references.isEmpty()) {
      return image;
    }
    List<String> tags = image.repoTags().stream().filter(this::matches).toList();
    return new ImageDetails(
        image.id(),
        tags,
        image.repoDigests(),
        image.comment(),
        image.author(),
        image.created(),
        image.architecture(),
        image.variant(),
        image.os(),
        image.size(),
        image.diffIds(),
        image.lastTagged(),
        image.config());
  }

  private boolean matches(String tag) {
    String name = tag.substring(0, tag.lastIndexOf(':'));
    return references.stream()
        .anyMatch(
            reference -> reference.matcher(tag).matches() || reference.matcher(name).matches());
  }
}
