// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.image;

import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.Images;
import io.gantry.api.error.EngineException;
import io.gantry.core.image.ImageStore;
import io.gantry.daemon.internal.Ids;
import io.gantry.daemon.internal.container.ContainerModule;
import io.gantry.daemon.internal.event.EventLog;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Images as the doors see them: with events, and with regard to the containers that use them. */
public final class ImageService implements Images {
  private final ImageStore store;
  private final ContainerModule containers;
  private final EventLog events;

  public ImageService(ImageStore store, ContainerModule containers, EventLog events) {
    this.store = store;
    this.containers = containers;
    this.events = events;
  }

  @Override
  public List<ImageDetails> list() {
    return store.list();
  }

  @Override
  public ImageDetails inspect(String image) {
    return store.resolve(image);
  }

  @Override
  public void tag(String image, String newReference) {
    ImageDetails found = store.resolve(image);
    store.tag(found.id(), newReference);
    publish("tag", found, familiar(newReference));
  }

  /** Without the registry and the directory that go without saying. */
  private static String familiar(String reference) {
    String bare = reference.replaceFirst("^docker\\.io/(library/)?", "");
    boolean tagged = bare.indexOf(':', bare.lastIndexOf('/') + 1) >= 0;
    return tagged ? bare : bare + ":latest";
  }

  @Override
  public List<Removal> remove(String image, boolean force, boolean prune) {
    ImageDetails found = store.resolve(image);
    boolean byId = found.id().startsWith(image) || found.id().startsWith("sha256:" + image);
    List<String> names = new ArrayList<>(found.repoTags());
    names.addAll(found.repoDigests());
    List<Removal> removals = new ArrayList<>();
    if (byId) {
      removeById(found, names, force, removals);
    } else {
      removeByName(image, found, names, force, removals);
    }
    return removals;
  }

  private void removeById(
      ImageDetails image, List<String> names, boolean force, List<Removal> removals) {
    String shortId = Ids.shorten(image.id());
    if (names.size() > 1 && !force) {
      throw EngineException.conflict(
          "conflict: unable to delete "
              + shortId
              + " (must be forced) - image is referenced in multiple repositories");
    }
    refuseIfUsed(image, shortId, force);
    for (String name : names) {
      untag(image, name, removals);
    }
    delete(image, removals);
  }

  private void removeByName(
      String name, ImageDetails image, List<String> names, boolean force, List<Removal> removals) {
    if (names.size() == 1 && !force) {
      List<String> users = containers.usersOfImage(image.id(), false);
      if (!users.isEmpty()) {
        throw EngineException.conflict(
            "conflict: unable to remove repository reference \""
                + name
                + "\" (must force) - container "
                + Ids.shorten(users.get(0))
                + " is using its referenced image "
                + Ids.shorten(image.id()));
      }
    }
    untag(image, name, removals);
    // By force also from under containers that do not run: they keep their own snapshots.
    if (names.size() == 1 && containers.usersOfImage(image.id(), force).isEmpty()) {
      delete(image, removals);
    }
  }

  private void refuseIfUsed(ImageDetails image, String shortId, boolean force) {
    List<String> running = containers.usersOfImage(image.id(), true);
    if (!running.isEmpty()) {
      throw EngineException.conflict(
          "conflict: unable to delete "
              + shortId
              + " (cannot be forced) - image is being used by running container "
              + Ids.shorten(running.get(0)));
    }
    List<String> stopped = containers.usersOfImage(image.id(), false);
    if (!stopped.isEmpty() && !force) {
      throw EngineException.conflict(
          "conflict: unable to delete "
              + shortId
              + " (must be forced) - image is being used by stopped container "
              + Ids.shorten(stopped.get(0)));
    }
  }

  private void untag(ImageDetails image, String name, List<Removal> removals) {
    removals.add(new Removal(store.untag(name), null));
    publish("untag", image, image.id());
  }

  private void delete(ImageDetails image, List<Removal> removals) {
    store.delete(image.id()).forEach(digest -> removals.add(new Removal(null, digest)));
    publish("delete", image, image.id());
  }

  @Override
  public void load(InputStream archive, Consumer<LoadProgress> progress) {
    store.load(archive, progress, image -> publish("load", image, image.id()));
  }

  @Override
  public String importArchive(
      InputStream archive,
      String reference,
      String message,
      List<String> changes,
      String platform) {
    ImageDetails image = store.importArchive(archive, reference, message, changes, platform);
    publish("import", image, image.id());
    return image.id();
  }

  @Override
  public List<HistoryEntry> history(String image) {
    return store.history(store.resolve(image).id());
  }

  private void publish(String action, ImageDetails image, String name) {
    Map<String, String> attributes = new TreeMap<>(image.config().labels());
    attributes.put("name", name);
    events.publish("image", action, image.id(), attributes);
  }
}
