// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

/**
 * How to join the streams of a process.
 *
 * @param logs first what the log holds
 * @param stream then what comes
 * @param detachKeys the bytes that detach a client, as in {@code ctrl-p,ctrl-q}; null for the
 *     default, empty for none. Watched for only if {@code stdin} is joined and the process has a
 *     terminal.
 */
public record AttachRequest(
    boolean logs,
    boolean stream,
    boolean stdin,
    boolean stdout,
    boolean stderr,
    String detachKeys) {}
