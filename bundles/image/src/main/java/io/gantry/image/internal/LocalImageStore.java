// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.Images.HistoryEntry;
import io.gantry.api.engine.Images.LoadProgress;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.core.content.ContentStore;
import io.gantry.core.content.Digest;
import io.gantry.core.content.Ingest;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.image.ImageStore;
import io.gantry.core.settings.Settings;
import io.gantry.core.state.Durability;
import io.gantry.core.state.StateStore;
import io.gantry.core.state.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Images in the state store, their blobs in the content store, their layers with a storage driver.
 */
@Component(service = ImageStore.class)
public final class LocalImageStore implements ImageStore {
  private static final int PREFIX_MIN = 1;

  private final ContentStore content;
  private final DriverRegistry drivers;
  private final Settings settings;
  private final StateStore store;
  private final Table<ImageRecord> images;
  private final Table<ReferenceRecord> references;
  private final ExecutorService workers;
  private final LayerStore layers;

  private final BlobLeases leases = new BlobLeases();

  /** Held while layers are unpacked or removed, so that nobody removes what another builds on. */
  private final ReentrantLock changing = new ReentrantLock();

  /** Read once: a configuration never changes. */
  private final Map<String, ImageConfiguration> configurations = new ConcurrentHashMap<>();

  @Activate
  public LocalImageStore(
      @Reference ContentStore content,
      @Reference DriverRegistry drivers,
      @Reference Settings settings,
      @Reference StateStore store) {
    this.content = content;
    this.drivers = drivers;
    this.settings = settings;
    this.store = store;
    this.images = store.table("images", ImageRecord.class);
    this.references = store.table("references", ReferenceRecord.class);
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "gantry-unpack");
              thread.setDaemon(true);
              return thread;
            });
    this.layers = new LayerStore(content, drivers, workers);
  }

  @Deactivate
  void close() {
    workers.shutdownNow();
  }

  @Override
  public List<ImageDetails> list() {
    Map<String, List<String>> names = names();
    return images.all().values().stream()
        .map(record -> details(record, names.getOrDefault(record.id(), List.of())))
        .sorted(Comparator.comparing(ImageDetails::created).reversed())
        .toList();
  }

  @Override
  public ImageDetails resolve(String image) {
    ImageRecord record = find(image);
    return details(record, names().getOrDefault(record.id(), List.of()));
  }

  private ImageRecord find(String image) {
    String hex = image.startsWith("sha256:") ? image.substring("sha256:".length()) : image;
    boolean id =
        hex.length() >= PREFIX_MIN
            && hex.chars().allMatch(c -> Character.digit(c, 16) >= 0 && !Character.isUpperCase(c));
    if (id && hex.length() == 64) {
      return images.get("sha256:" + hex).orElseThrow(() -> unknown(image));
    }
    if (!image.startsWith("sha256:")) {
      try {
        ReferenceRecord named =
            references.get(ImageReference.parse(image).normalized()).orElse(null);
        if (named != null) {
          return images.get(named.imageId()).orElseThrow(() -> unknown(image));
        }
      } catch (EngineException e) {
        if (!id) {
          throw e;
        }
      }
    }
    if (id) {
      List<ImageRecord> matches =
          images.all().values().stream().filter(r -> r.id().startsWith("sha256:" + hex)).toList();
      if (matches.size() == 1) {
        return matches.get(0);
      }
    }
    throw unknown(image);
  }

  private static EngineException unknown(String image) {
    String shown = image;
    if (!image.startsWith("sha256:")) {
      try {
        shown = ImageReference.parse(image).familiar();
      } catch (EngineException e) {
        shown = image;
      }
    }
    return EngineException.notFound("No such image: " + shown);
  }

  @Override
  public void tag(String imageId, String reference) {
    ImageReference name = ImageReference.parse(reference);
    if (name.digest() != null) {
      throw EngineException.invalid("refusing to create a tag with a digest reference");
    }
    ImageRecord record = images.get(imageId).orElseThrow(() -> unknown(imageId));
    store.transaction(
        Durability.MACHINE,
        () -> {
          images.put(imageId, record.tagged(System.currentTimeMillis()), Durability.MACHINE);
          references.put(name.normalized(), new ReferenceRecord(imageId), Durability.MACHINE);
          return null;
        });
  }

  @Override
  public String untag(String reference) {
    ImageReference name = ImageReference.parse(reference);
    if (references.get(name.normalized()).isEmpty()) {
      throw unknown(reference);
    }
    references.delete(name.normalized(), Durability.MACHINE);
    return name.familiar();
  }

  @Override
  public List<String> delete(String imageId) {
    changing.lock();
    try {
      return deleteAlone(imageId);
    } finally {
      changing.unlock();
    }
  }

  private List<String> deleteAlone(String imageId) {
    ImageRecord record = images.get(imageId).orElseThrow(() -> unknown(imageId));
    images.delete(imageId, Durability.MACHINE);
    configurations.remove(imageId);
    List<String> deleted = new ArrayList<>(List.of(imageId));
    Set<String> usedChains = new HashSet<>();
    Set<String> usedBlobs = new HashSet<>();
    for (ImageRecord other : images.all().values()) {
      usedChains.addAll(other.chainIds());
      usedBlobs.addAll(other.blobs());
      usedBlobs.add(other.id());
    }
    for (String snapshotter : drivers.names(DriverKind.STORAGE)) {
      layers.collect(snapshotter, usedChains);
    }
    for (int i = record.chainIds().size() - 1; i >= 0; i--) {
      String chainId = record.chainIds().get(i);
      if (!usedChains.contains(chainId) && !layers.exists(settings.storageDriver(), chainId)) {
        deleted.add(chainId);
      }
    }
    record.blobs().stream()
        .filter(b -> !usedBlobs.contains(b))
        .forEach(b -> content.delete(new Digest(b)));
    content.delete(new Digest(imageId));
    return deleted;
  }

  @Override
  public void load(
      InputStream archive, Consumer<LoadProgress> progress, Consumer<ImageDetails> loaded) {
    BlobLeases.Lease lease = leases.lease();
    ImageArchive read = new ImageArchive(content, lease);
    try {
      read.read(archive);
      for (ImageArchive.Entry entry : read.images()) {
        ImageDetails image = add(entry, progress);
        loaded.accept(image);
        if (entry.references().isEmpty()) {
          say(progress, "Loaded image ID: " + image.id());
        }
        for (String reference : entry.references()) {
          say(progress, "Loaded image: " + ImageReference.parse(reference).familiar());
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    } finally {
      lease.release(this::collect);
    }
  }

  private static void say(Consumer<LoadProgress> progress, String line) {
    progress.accept(new LoadProgress("", "", 0, 0, line));
  }

  private static EngineException unreadable(IOException e) {
    return new EngineException(ErrorKind.INVALID, "cannot read the archive: " + e.getMessage(), e);
  }

  private ImageDetails add(ImageArchive.Entry entry, Consumer<LoadProgress> progress)
      throws IOException {
    byte[] document = bytes(entry.config());
    ImageConfiguration configuration = new ImageConfiguration(document);
    List<String> diffIds = configuration.diffIds();
    if (diffIds.size() != entry.layers().size()) {
      throw EngineException.invalid(
          "invalid manifest, layers length mismatch: expected "
              + diffIds.size()
              + ", got "
              + entry.layers().size());
    }
    List<ImageReference> names = entry.references().stream().map(ImageReference::parse).toList();
    List<String> blobs = entry.layers().stream().map(Digest::value).toList();
    ImageRecord record;
    changing.lock();
    try {
      record = unpacked(entry.config().value(), blobs, diffIds, progress);
      for (ImageReference name : names) {
        sayMoved(name, record.id(), progress);
      }
      put(record, names);
    } finally {
      changing.unlock();
    }
    return resolve(record.id());
  }

  private void sayMoved(ImageReference name, String to, Consumer<LoadProgress> progress) {
    references
        .get(name.normalized())
        .map(ReferenceRecord::imageId)
        .filter(from -> !from.equals(to))
        .ifPresent(
            from ->
                say(
                    progress,
                    "The image "
                        + name.familiar()
                        + " already exists, renaming the old one with ID "
                        + from
                        + " to empty string"));
  }

  private void put(ImageRecord record, List<ImageReference> names) {
    store.transaction(
        Durability.MACHINE,
        () -> {
          images.put(record.id(), record, Durability.MACHINE);
          names.forEach(
              name ->
                  references.put(
                      name.normalized(), new ReferenceRecord(record.id()), Durability.MACHINE));
          return null;
        });
  }

  private ImageRecord unpacked(
      String id, List<String> blobs, List<String> diffIds, Consumer<LoadProgress> progress) {
    String snapshotter = settings.storageDriver();
    List<String> chainIds = LayerStore.chainIds(diffIds);
    List<Integer> fresh = new ArrayList<>();
    for (int i = 0; i < chainIds.size(); i++) {
      if (!layers.exists(snapshotter, chainIds.get(i))) {
        fresh.add(i);
      }
    }
    try {
      layers.collect(snapshotter, usedChainIds());
      layers.unpack(snapshotter, blobs, diffIds, chainIds, true);
    } catch (RuntimeException e) {
      layers.collect(snapshotter, usedChainIds());
      throw e;
    }
    for (int i : fresh) {
      long bytes = content.size(new Digest(blobs.get(i)));
      String layer = diffIds.get(i).substring("sha256:".length(), "sha256:".length() + 12);
      progress.accept(new LoadProgress(layer, "Loading layer", bytes, bytes, ""));
    }
    long size = 0;
    for (String chainId : chainIds) {
      size += layers.size(snapshotter, chainId);
    }
    long tagged =
        images.get(id).map(ImageRecord::lastTaggedMillis).orElse(System.currentTimeMillis());
    return new ImageRecord(id, blobs, diffIds, chainIds, size, tagged);
  }

  private Set<String> usedChainIds() {
    Set<String> used = new HashSet<>();
    images.all().values().forEach(image -> used.addAll(image.chainIds()));
    return used;
  }

  @Override
  public ImageDetails importArchive(
      InputStream archive,
      String reference,
      String message,
      List<String> changes,
      String platform) {
    ImageReference name =
        reference == null || reference.isEmpty() ? null : ImageReference.parse(reference);
    ObjectNode document = ImageConfiguration.JSON.createObjectNode();
    ObjectNode config = ImageConfiguration.JSON.createObjectNode();
    new ImportChanges(config).apply(changes);
    BlobLeases.Lease lease = leases.lease();
    try {
      Digest layer = ingest(Decompression.open(archive), lease);
      String now = Instant.now().toString();
      document.put("architecture", Platforms.ARCHITECTURE).put("os", "linux").put("created", now);
      document.put("comment", message == null ? "" : message);
      document.set("config", config);
      document
          .putArray("history")
          .addObject()
          .put("created", now)
          .put("comment", message == null ? "" : message);
      document.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(layer.value());
      byte[] bytes = ImageConfiguration.JSON.writeValueAsBytes(document);
      Digest id = ingest(new java.io.ByteArrayInputStream(bytes), lease);
      List<String> only = List.of(layer.value());
      changing.lock();
      try {
        put(unpacked(id.value(), only, only, line -> {}), name == null ? List.of() : List.of(name));
      } finally {
        changing.unlock();
      }
      return resolve(id.value());
    } catch (IOException e) {
      throw unreadable(e);
    } finally {
      lease.release(this::collect);
    }
  }

  private Digest ingest(InputStream in, BlobLeases.Lease lease) throws IOException {
    try (Ingest ingest = content.ingest(null)) {
      byte[] chunk = new byte[256 << 10];
      try {
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
          ingest.write(ByteBuffer.wrap(chunk, 0, count));
        }
        return lease.commit(ingest);
      } catch (IOException | RuntimeException e) {
        ingest.abort();
        throw e;
      }
    }
  }

  /** Deletes those blobs that no image refers to. */
  private void collect(Set<Digest> candidates) {
    Set<String> used = new HashSet<>();
    images
        .all()
        .values()
        .forEach(
            record -> {
              used.add(record.id());
              used.addAll(record.blobs());
            });
    candidates.stream().filter(digest -> !used.contains(digest.value())).forEach(content::delete);
  }

  @Override
  public List<HistoryEntry> history(String imageId) {
    ImageRecord record = images.get(imageId).orElseThrow(() -> unknown(imageId));
    List<Long> sizes = new ArrayList<>();
    for (String chainId : record.chainIds()) {
      sizes.add(layers.size(settings.storageDriver(), chainId));
    }
    return parsed(imageId).history(imageId, names().getOrDefault(imageId, List.of()), sizes);
  }

  @Override
  public byte[] configuration(String imageId) {
    try {
      return bytes(new Digest(imageId));
    } catch (IOException e) {
      throw EngineException.internal(
          "cannot read the configuration of " + imageId + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String snapshot(String imageId, String snapshotter) {
    ImageRecord record = images.get(imageId).orElseThrow(() -> unknown(imageId));
    if (record.chainIds().isEmpty()) {
      return null;
    }
    String top = record.chainIds().get(record.chainIds().size() - 1);
    if (!layers.exists(snapshotter, top)) {
      changing.lock();
      try {
        layers.unpack(snapshotter, record.blobs(), record.diffIds(), record.chainIds(), false);
      } finally {
        changing.unlock();
      }
    }
    return top;
  }

  private byte[] bytes(Digest digest) throws IOException {
    try (InputStream in = content.open(digest)) {
      return in.readAllBytes();
    }
  }

  private ImageConfiguration parsed(String imageId) {
    return configurations.computeIfAbsent(imageId, id -> new ImageConfiguration(configuration(id)));
  }

  /** Familiar names by image, sorted. */
  private Map<String, List<String>> names() {
    Map<String, TreeSet<String>> sorted = new LinkedHashMap<>();
    references
        .all()
        .forEach(
            (name, record) ->
                sorted
                    .computeIfAbsent(record.imageId(), id -> new TreeSet<>())
                    .add(ImageReference.parse(name).familiar()));
    Map<String, List<String>> names = new LinkedHashMap<>();
    sorted.forEach((id, set) -> names.put(id, List.copyOf(set)));
    return names;
  }

  private ImageDetails details(ImageRecord record, List<String> names) {
    ImageConfiguration configuration = parsed(record.id());
    List<String> tags = names.stream().filter(name -> !name.contains("@")).toList();
    List<String> digests = names.stream().filter(name -> name.contains("@")).toList();
    return new ImageDetails(
        record.id(),
        tags,
        digests,
        configuration.text("comment"),
        configuration.text("author"),
        configuration.created(),
        configuration.text("architecture"),
        configuration.text("variant"),
        configuration.text("os"),
        record.size(),
        record.diffIds(),
        record.lastTaggedMillis() == 0 ? null : Instant.ofEpochMilli(record.lastTaggedMillis()),
        configuration.config());
  }
}
