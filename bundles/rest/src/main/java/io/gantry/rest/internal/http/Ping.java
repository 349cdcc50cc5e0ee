// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** The first thing that every client asks. */
public final class Ping {
  private static final HttpField NO_CACHE =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-cache, no-store, must-revalidate");
  private static final HttpField PLAIN_TEXT =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
  private static final HttpField PRAGMA = new PreEncodedHttpField("Pragma", "no-cache");
  private static final byte[] OK = {'O', 'K'};

  private Ping() {}

  public static void get(Exchange exchange) {
    answer(exchange, OK);
  }

  public static void head(Exchange exchange) {
    answer(exchange, new byte[0]);
  }

  private static void answer(Exchange exchange, byte[] text) {
    HttpFields.Mutable fields = exchange.response().getHeaders();
    exchange
        .services()
        .headers()
        .addTo(fields, List.of(NO_CACHE, PLAIN_TEXT), List.of(PRAGMA), exchange.date());
    fields.put(HttpHeader.CONTENT_LENGTH, text.length);
    exchange.response().write(true, ByteBuffer.wrap(text), exchange.callback());
  }
}
