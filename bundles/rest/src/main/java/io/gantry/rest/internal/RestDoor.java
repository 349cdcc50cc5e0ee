// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.auth.Principal;
import io.gantry.api.engine.Engine;
import io.gantry.api.engine.EngineView;
import io.gantry.core.settings.Settings;
import io.gantry.rest.internal.http.DaemonHeaders;
import io.gantry.rest.internal.http.Dispatcher;
import io.gantry.rest.internal.http.Exchange.Services;
import io.gantry.rest.internal.http.ProtocolErrors;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.listen.BrowserGuard;
import io.gantry.rest.internal.listen.Callers;
import io.gantry.rest.internal.listen.HostAddress;
import io.gantry.rest.internal.listen.HttpListeners;
import io.gantry.rest.internal.operation.EngineFacts;
import io.gantry.rest.internal.operation.Routes;
import io.gantry.rest.internal.wire.GoJson;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The Docker Engine API as a door to the engine: on while an engine is there. */
@Component(
    service = {},
    immediate = true)
public final class RestDoor {
  private final RequestThreads threads = new RequestThreads();
  private final HttpListeners listeners;

  @Activate
  public RestDoor(BundleContext context, @Reference Engine engine, @Reference Settings settings)
      throws Exception {
    this(
        engine,
        settings.hosts(),
        settings.group(),
        version(context),
        new EngineFacts(settings::labels, settings::storageDriver));
  }

  /** Outside of a framework. */
  RestDoor(Engine engine, List<String> hosts, String group, String version, EngineFacts facts)
      throws Exception {
    List<HostAddress> addresses = hosts.stream().map(HostAddress::parse).toList();
    Services services = new Services(new GoJson(), new DaemonHeaders(version));
    RouteTable routes = Routes.all(facts);
    Dispatcher dispatcher =
        new Dispatcher(
            routes,
            services,
            new Dispatcher.Threads(threads.waiting(), threads.uploads()),
            request -> enter(engine, request));
    try {
      listeners =
          new HttpListeners(addresses, group, dispatcher, new ProtocolErrors(services.json()));
    } catch (Exception e) {
      threads.close();
      throw e;
    }
  }

  private static EngineView enter(Engine engine, Request request) {
    Principal caller = Callers.of(request);
    BrowserGuard.check(request, caller);
    return engine.as(caller);
  }

  private static String version(BundleContext context) {
    Version version = context.getBundle().getVersion();
    return version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
  }

  int tcpPort() {
    return listeners.tcpPort();
  }

  @Deactivate
  void close() throws Exception {
    try {
      listeners.stop();
    } finally {
      threads.close();
    }
  }
}
