// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.view;

import io.gantry.api.auth.Authorizer;
import io.gantry.api.auth.Principal;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.Drivers;
import io.gantry.api.engine.EngineView;
import io.gantry.api.engine.Events;
import io.gantry.api.engine.Execs;
import io.gantry.api.engine.Images;
import io.gantry.api.engine.Networks;
import io.gantry.api.engine.SystemInfo;
import io.gantry.api.engine.Volumes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The engine for one principal: before each call every authorizer that is there is asked. */
final class AuthorizedView implements EngineView {
  private final EngineView engine;
  private final Principal principal;
  private final Supplier<List<Authorizer>> authorizers;

  AuthorizedView(EngineView engine, Principal principal, Supplier<List<Authorizer>> authorizers) {
    this.engine = engine;
    this.principal = principal;
    this.authorizers = authorizers;
  }

  /**
   * The operation is the domain and the method: {@code container.create}; its object the first text
   * argument.
   */
  private <T> T guard(Class<T> type, String domain, T service) {
    if (authorizers.get().isEmpty()) {
      return service;
    }
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              String object =
                  arguments != null && arguments.length > 0 && arguments[0] instanceof String text
                      ? text
                      : "";
              String action = domain + "." + method.getName().toLowerCase(Locale.ROOT);
              authorizers
                  .get()
                  .forEach(authorizer -> authorizer.authorize(principal, action, object));
              try {
                return method.invoke(service, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Override
  public Containers containers() {
    return guard(Containers.class, "container", engine.containers());
  }

  @Override
  public Execs execs() {
    return guard(Execs.class, "exec", engine.execs());
  }

  @Override
  public Images images() {
    return guard(Images.class, "image", engine.images());
  }

  @Override
  public Volumes volumes() {
    return guard(Volumes.class, "volume", engine.volumes());
  }

  @Override
  public Networks networks() {
    return guard(Networks.class, "network", engine.networks());
  }

  @Override
  public SystemInfo system() {
    return guard(SystemInfo.class, "system", engine.system());
  }

  @Override
  public Events events() {
    return guard(Events.class, "event", engine.events());
  }

  @Override
  public Drivers drivers() {
    return guard(Drivers.class, "driver", engine.drivers());
  }
}
