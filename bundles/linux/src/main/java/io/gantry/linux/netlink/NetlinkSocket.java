// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * Requests and replies on one rtnetlink socket. The kernel answers a request before {@code send}
 * returns (rtnetlink_rcv runs in the caller's context), so that nobody ever waits for long.
 */
final class NetlinkSocket implements AutoCloseable {
  /** What the kernel fills when it lists (netlink_dump allocates at most 32 KiB). */
  private static final int RECEIVE_BYTES = 32 * 1024;

  /** An error's fixed part: the errno, and the header of the request. */
  private static final int ERROR_BYTES = Integer.BYTES + NetlinkMessage.HEADER_BYTES;

  private final Fd descriptor;
  private final ByteBuffer received =
      ByteBuffer.allocateDirect(RECEIVE_BYTES).order(ByteOrder.nativeOrder());
  private int sequence;

  NetlinkSocket(Fd descriptor) {
    this.descriptor = descriptor;
  }

  /** A socket in the network namespace of the calling thread. */
  static Fd openDescriptor() {
    Fd socket =
        new Fd(
            (int)
                Syscalls.call(
                    "open a netlink socket",
                    Syscall.SOCKET,
                    Rtnetlink.AF_NETLINK,
                    Rtnetlink.SOCK_RAW | Rtnetlink.SOCK_CLOEXEC,
                    Rtnetlink.NETLINK_ROUTE,
                    0,
                    0,
                    0));
    // explanations of errors need Linux 4.12, filtered lists 4.20; without them it works as well
    enable(socket, Rtnetlink.NETLINK_EXT_ACK);
    enable(socket, Rtnetlink.NETLINK_CAP_ACK);
    enable(socket, Rtnetlink.NETLINK_GET_STRICT_CHK);
    return socket;
  }

  private static void enable(Fd socket, int option) {
    try (NativeMemory one = NativeMemory.allocate(Integer.BYTES)) {
      one.setInt(0, 1);
      Syscalls.raw(
          Syscall.SETSOCKOPT,
          socket.number(),
          Rtnetlink.SOL_NETLINK,
          option,
          one.address(),
          Integer.BYTES,
          0);
    }
  }

  Fd descriptor() {
    return descriptor;
  }

  void transact(String call, NetlinkMessage request) {
    transact(call, request, reply -> {});
  }

  /** Sends a request and hands over what comes before its acknowledgement. */
  synchronized void transact(String call, NetlinkMessage request, Consumer<NetlinkReply> replies) {
    exchange(call, request, Rtnetlink.NLM_F_ACK, replies);
  }

  /** Sends a request for a list and hands over its entries. */
  synchronized void dump(String call, NetlinkMessage request, Consumer<NetlinkReply> replies) {
    exchange(call, request, Rtnetlink.NLM_F_DUMP, replies);
  }

  private void exchange(
      String call, NetlinkMessage request, int flags, Consumer<NetlinkReply> replies) {
    int expected = ++sequence;
    send(call, request.finish(expected, flags));
    while (!receive(call, expected, replies)) {
      // more to come
    }
  }

  private void send(String call, ByteBuffer message) {
    Syscalls.call(
        call,
        Syscall.SENDTO,
        descriptor.number(),
        NativeMemory.address(message),
        message.limit(),
        0,
        0,
        0);
  }

  /** Reads one datagram; returns whether it held the end of the answer. */
  private boolean receive(String call, int expected, Consumer<NetlinkReply> replies) {
    long length;
    do {
      length =
          Syscalls.raw(
              Syscall.RECVFROM,
              descriptor.number(),
              NativeMemory.address(received),
              RECEIVE_BYTES,
              0,
              0,
              0);
    } while (length == -Errno.EINTR);
    if (length < 0) {
      throw new LinuxException(call, (int) -length);
    }
    for (int at = 0; length - at >= NetlinkMessage.HEADER_BYTES; ) {
      int size = received.getInt(at);
      if (size < NetlinkMessage.HEADER_BYTES || size > length - at) {
        break;
      }
      NetlinkReply reply = new NetlinkReply(received, at, at + size);
      at += size + 3 & ~3;
      // answers to a request that failed half-way on this side are passed over
      if (reply.sequence() != expected) {
        continue;
      }
      if (reply.type() == Rtnetlink.NLMSG_DONE || reply.type() == Rtnetlink.NLMSG_ERROR) {
        check(call, reply);
        return true;
      }
      replies.accept(reply);
    }
    return false;
  }

  private static void check(String call, NetlinkReply reply) {
    int errno = reply.hasBody() ? -reply.intAt(0) : 0;
    if (errno <= 0) {
      return;
    }
    String explanation = "";
    if ((reply.flags() & Rtnetlink.NLM_F_ACK_TLVS) != 0) {
      int fixed = reply.type() == Rtnetlink.NLMSG_DONE ? Integer.BYTES : ERROR_BYTES;
      explanation = reply.attributes(fixed).string(Rtnetlink.NLMSGERR_ATTR_MSG);
    }
    throw new LinuxException(explanation.isEmpty() ? call : call + " (" + explanation + ")", errno);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
