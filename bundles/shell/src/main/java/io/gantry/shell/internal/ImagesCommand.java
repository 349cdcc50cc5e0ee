// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.EngineView;
import io.gantry.api.engine.ImageDetails;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

@Service
@Command(scope = "gantry", name = "images", description = "Lists images.")
public final class ImagesCommand extends EngineCommand {
  private static final String NONE = "<none>";

  @Option(name = "-q", aliases = "--quiet", description = "Ids alone")
  boolean quiet;

  @Override
  void run(EngineView view, PrintStream console) {
    List<ImageDetails> images = view.images().list();
    if (quiet) {
      images.forEach(image -> console.println(Wording.shortId(image.id())));
      return;
    }
    Instant now = Instant.now();
    Table table = new Table("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE");
    for (ImageDetails image : images) {
      List<String> names = image.repoTags().isEmpty() ? List.of("") : image.repoTags();
      for (String name : names) {
        int colon = name.lastIndexOf(':');
        table.row(
            colon < 0 ? NONE : name.substring(0, colon),
            colon < 0 ? NONE : name.substring(colon + 1),
            Wording.shortId(image.id()),
            image.created() == null ? "N/A" : Wording.ago(image.created(), now),
            Wording.size(image.size()));
      }
    }
    table.print(console);
  }
}
