// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.nftables;

/**
 * Runs nft(8) commands in this process. All commands of one call are one transaction: all apply, or
 * none. They apply in the network namespace of the calling thread.
 *
 * <p>The library is loaded when it is first needed (about 5 ms) and is not thread-safe, not even
 * with a context for each thread: its parser and its caches share data. So one call runs at a time.
 */
public final class Nftables {
  private static final Object ONE_AT_A_TIME = new Object();

  /**
   * Runs commands and returns what they print, lists with the handle of each object.
   *
   * @throws NftablesException with the library's explanation
   */
  public String run(String commands) {
    synchronized (ONE_AT_A_TIME) {
      long context = newContext();
      try {
        LibNftables.nft_ctx_output_set_flags(context, LibNftables.OUTPUT_HANDLE);
        LibNftables.nft_ctx_buffer_output(context);
        LibNftables.nft_ctx_buffer_error(context);
        int result = LibNftables.nft_run_cmd_from_buffer(context, commands);
        if (result != 0) {
          throw new NftablesException(
              "nftables refused the rules: "
                  + LibNftables.nft_ctx_get_error_buffer(context).strip());
        }
        return LibNftables.nft_ctx_get_output_buffer(context);
      } finally {
        LibNftables.nft_ctx_free(context);
      }
    }
  }

  private static long newContext() {
    long context;
    try {
      context = LibNftables.nft_ctx_new(0);
    } catch (LinkageError e) {
      throw new NftablesException(
          "libnftables cannot be loaded; install the package libnftables1: " + e.getMessage(), e);
    }
    if (context == 0) {
      throw new NftablesException("libnftables cannot open a netlink socket");
    }
    return context;
  }
}
