// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.state;

/** What a change survives once the call has returned. */
public enum Durability {
  /**
   * The end of the engine at any instruction, not of the machine: for starts, exits and the like.
   */
  PROCESS,
  /** The end of the machine: for what a user was told is kept. */
  MACHINE
}
