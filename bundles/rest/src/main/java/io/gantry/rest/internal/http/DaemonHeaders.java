// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import io.gantry.rest.internal.wire.ApiVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * The headers of every answer, in the order of Go's server: by name, then the date. {@code Server}
 * names this engine in the shape that dockerd and podman use; no known client looks at more than
 * its presence, and a wrong name would mislead whoever reads a trace.
 */
public final class DaemonHeaders {
  private static final HttpField API_VERSION =
      new PreEncodedHttpField("Api-Version", ApiVersion.CURRENT.toString());
  private static final HttpField EXPERIMENTAL =
      new PreEncodedHttpField("Docker-Experimental", "false");
  private static final HttpField OS_TYPE = new PreEncodedHttpField("Ostype", "linux");
  static final HttpField JSON =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");

  private final HttpField server;

  public DaemonHeaders(String version) {
    this.server = new PreEncodedHttpField(HttpHeader.SERVER, "Gantry/" + version + " (linux)");
  }

  /** Adds all of them, with those of an answer's own between, where they belong by name. */
  void addTo(
      HttpFields.Mutable fields, List<HttpField> early, List<HttpField> middle, HttpField date) {
    fields.add(API_VERSION);
    early.forEach(fields::add);
    fields.add(EXPERIMENTAL).add(OS_TYPE);
    middle.forEach(fields::add);
    fields.add(server).add(date);
  }

  /** For a version that is not served; dockerd decides on those before it knows the rest. */
  void addEarlyTo(HttpFields.Mutable fields, HttpField contentType) {
    fields.add(API_VERSION).add(contentType).add(OS_TYPE).add(server);
  }

  /** Each as a line. */
  String lines(String contentType, HttpField date) {
    StringBuilder head = new StringBuilder(256);
    line(head, API_VERSION);
    if (contentType != null) {
      head.append("Content-Type: ").append(contentType).append("\r\n");
    }
    line(head, EXPERIMENTAL);
    line(head, OS_TYPE);
    line(head, server);
    if (date != null) {
      line(head, date);
    }
    return head.toString();
  }

  private static void line(StringBuilder head, HttpField field) {
    head.append(field.getName()).append(": ").append(field.getValue()).append("\r\n");
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
