// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.task;

import io.gantry.api.network.Attachment;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.TaskRecord;
import java.util.List;
import java.util.Map;

/**
 * A running task in the form that is stored: from it a new engine goes on.
 *
 * @param bootId of the kernel it runs on; on another one it has ended
 * @param execs exec processes by id
 */
public record TaskState(
    TaskRequest request,
    TaskRecord record,
    String bootId,
    List<Attachment> attachments,
    Map<String, ProcessRecord> execs) {
  public TaskState {
    attachments = List.copyOf(attachments);
    execs = Map.copyOf(execs);
  }
}
