// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.listen;

import io.gantry.rest.internal.listen.HostAddress.LoopbackTcp;
import io.gantry.rest.internal.listen.HostAddress.UnixSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets that the API is served on. */
public final class HttpListeners {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListeners.class);
  private static final int MOST_THREADS = 64;
  private static final int LEAST_THREADS = 4;
  private static final int IDLE_THREAD_MILLIS = 60_000;
  private static final long STOP_MILLIS = 1000;
  private static final int BACKLOG = 1024;
  private static final int LARGEST_HEAD = 64 * 1024;

  private final Server server;
  private final List<UnixSocketFile> files = new ArrayList<>();

  /**
   * Starts to listen on all of them, or on none.
   *
   * @param group of the Unix sockets
   */
  public HttpListeners(
      List<HostAddress> hosts, String group, Handler handler, Request.Handler errors)
      throws Exception {
    QueuedThreadPool pool = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS, IDLE_THREAD_MILLIS);
    pool.setName("gantry-rest");
    // requests that wait for the engine are interrupted soon when the door closes
    pool.setStopTimeout(STOP_MILLIS);
    server = new Server(pool, new ScheduledExecutorScheduler("gantry-rest-scheduler", true), null);
    server.setHandler(handler);
    server.setErrorHandler(errors);
    server.setStopTimeout(0);
    try {
      for (HostAddress host : hosts) {
        server.addConnector(connector(host, group));
      }
      server.start();
      for (UnixSocketFile file : files) {
        file.publish();
      }
    } catch (Exception e) {
      // a server whose start failed half-way goes on serving
      stop();
      throw e;
    }
    LOG.info("The API listens on {}", hosts);
  }

  private AbstractConnector connector(HostAddress host, String group) throws IOException {
    HttpConnectionFactory http = new HttpConnectionFactory(configuration());
    if (host instanceof UnixSocket unix) {
      UnixSocketFile file = new UnixSocketFile(unix.path(), group);
      UnixDomainServerConnector connector = new UnixDomainServerConnector(server, 1, 1, http);
      connector.setUnixDomainPath(file.prepare());
      files.add(file);
      connector.setAcceptQueueSize(BACKLOG);
      connector.setIdleTimeout(0);
      return connector;
    }
    LoopbackTcp tcp = (LoopbackTcp) host;
    ServerConnector connector = new ServerConnector(server, 1, 1, http);
    connector.setHost(tcp.host());
    connector.setPort(tcp.port());
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(0);
    return connector;
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    // names of images come with slashes, escaped or not
    http.setUriCompliance(UriCompliance.UNSAFE);
    // the docker CLI puts the socket's path or a made-up name into Host
    http.setHttpCompliance(
        HttpCompliance.RFC7230.with(
            "docker",
            HttpCompliance.Violation.UNSAFE_HOST_HEADER,
            HttpCompliance.Violation.MISMATCHED_AUTHORITY));
    // as Go's server limits heads, within reason: filters and credentials come in them
    http.setRequestHeaderSize(LARGEST_HEAD);
    http.setIdleTimeout(-1);
    return http;
  }

  /** The port that a listener on port 0 got; for tests. */
  public int tcpPort() {
    for (var connector : server.getConnectors()) {
      if (connector instanceof ServerConnector tcp) {
        return tcp.getLocalPort();
      }
    }
    throw new IllegalStateException("no TCP listener");
  }

  public void stop() throws Exception {
    try {
      server.stop();
    } finally {
      for (UnixSocketFile file : files) {
        file.remove();
      }
      server.destroy();
    }
  }
}
