// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.nftables;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The functions of libnftables(3) that are needed, bound directly. */
final class LibNftables {
  static final int OUTPUT_HANDLE = 1 << 3;

  static {
    Native.register(LibNftables.class, NativeLibrary.getInstance("libnftables.so.1"));
  }

  private LibNftables() {}

  static native long nft_ctx_new(int flags);

  static native void nft_ctx_free(long context);

  static native void nft_ctx_output_set_flags(long context, int flags);

  static native int nft_ctx_buffer_output(long context);

  static native int nft_ctx_buffer_error(long context);

  static native String nft_ctx_get_output_buffer(long context);

  static native String nft_ctx_get_error_buffer(long context);

  static native int nft_run_cmd_from_buffer(long context, String commands);
}
