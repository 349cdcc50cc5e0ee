// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.auth.Principal;
import io.gantry.api.engine.Engine;
import io.gantry.api.engine.ImageDetails;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Names of images. */
@Service
public final class ImageCompleter implements Completer {
  @Reference Engine engine;

  @Override
  public int complete(Session session, CommandLine line, List<String> candidates) {
    StringsCompleter names = new StringsCompleter();
    for (ImageDetails image : engine.as(new Principal("root", "shell")).images().list()) {
      names.getStrings().addAll(image.repoTags());
    }
    return names.complete(session, line, candidates);
  }
}
