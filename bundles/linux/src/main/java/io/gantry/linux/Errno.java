// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux;

import java.util.Map;

/** Error numbers of the kernel (asm-generic/errno.h: the same on x86-64 and aarch64). */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int E2BIG = 7;
  public static final int ENOEXEC = 8;
  public static final int EBADF = 9;
  public static final int ECHILD = 10;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ETXTBSY = 26;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int ESPIPE = 29;
  public static final int EROFS = 30;
  public static final int EMLINK = 31;
  public static final int EPIPE = 32;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int ENODATA = 61;
  public static final int EOPNOTSUPP = 95;
  public static final int EADDRINUSE = 98;
  public static final int ENETUNREACH = 101;
  public static final int ENOTCONN = 107;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;
  public static final int EALREADY = 114;

  private static final Map<Integer, String[]> TEXTS =
      Map.ofEntries(
          Map.entry(1, new String[] {"EPERM", "Operation not permitted"}),
          Map.entry(2, new String[] {"ENOENT", "No such file or directory"}),
          Map.entry(3, new String[] {"ESRCH", "No such process"}),
          Map.entry(4, new String[] {"EINTR", "Interrupted system call"}),
          Map.entry(5, new String[] {"EIO", "Input/output error"}),
          Map.entry(6, new String[] {"ENXIO", "No such device or address"}),
          Map.entry(7, new String[] {"E2BIG", "Argument list too long"}),
          Map.entry(8, new String[] {"ENOEXEC", "Exec format error"}),
          Map.entry(9, new String[] {"EBADF", "Bad file descriptor"}),
          Map.entry(10, new String[] {"ECHILD", "No child processes"}),
          Map.entry(11, new String[] {"EAGAIN", "Resource temporarily unavailable"}),
          Map.entry(12, new String[] {"ENOMEM", "Cannot allocate memory"}),
          Map.entry(13, new String[] {"EACCES", "Permission denied"}),
          Map.entry(14, new String[] {"EFAULT", "Bad address"}),
          Map.entry(15, new String[] {"ENOTBLK", "Block device required"}),
          Map.entry(16, new String[] {"EBUSY", "Device or resource busy"}),
          Map.entry(17, new String[] {"EEXIST", "File exists"}),
          Map.entry(18, new String[] {"EXDEV", "Invalid cross-device link"}),
          Map.entry(19, new String[] {"ENODEV", "No such device"}),
          Map.entry(20, new String[] {"ENOTDIR", "Not a directory"}),
          Map.entry(21, new String[] {"EISDIR", "Is a directory"}),
          Map.entry(22, new String[] {"EINVAL", "Invalid argument"}),
          Map.entry(23, new String[] {"ENFILE", "Too many open files in system"}),
          Map.entry(24, new String[] {"EMFILE", "Too many open files"}),
          Map.entry(25, new String[] {"ENOTTY", "Inappropriate ioctl for device"}),
          Map.entry(26, new String[] {"ETXTBSY", "Text file busy"}),
          Map.entry(27, new String[] {"EFBIG", "File too large"}),
          Map.entry(28, new String[] {"ENOSPC", "No space left on device"}),
          Map.entry(29, new String[] {"ESPIPE", "Illegal seek"}),
          Map.entry(30, new String[] {"EROFS", "Read-only file system"}),
          Map.entry(31, new String[] {"EMLINK", "Too many links"}),
          Map.entry(32, new String[] {"EPIPE", "Broken pipe"}),
          Map.entry(33, new String[] {"EDOM", "Numerical argument out of domain"}),
          Map.entry(34, new String[] {"ERANGE", "Numerical result out of range"}),
          Map.entry(35, new String[] {"EDEADLOCK", "Resource deadlock avoided"}),
          Map.entry(36, new String[] {"ENAMETOOLONG", "File name too long"}),
          Map.entry(37, new String[] {"ENOLCK", "No locks available"}),
          Map.entry(38, new String[] {"ENOSYS", "Function not implemented"}),
          Map.entry(39, new String[] {"ENOTEMPTY", "Directory not empty"}),
          Map.entry(40, new String[] {"ELOOP", "Too many levels of symbolic links"}),
          Map.entry(42, new String[] {"ENOMSG", "No message of desired type"}),
          Map.entry(43, new String[] {"EIDRM", "Identifier removed"}),
          Map.entry(44, new String[] {"ECHRNG", "Channel number out of range"}),
          Map.entry(45, new String[] {"EL2NSYNC", "Level 2 not synchronized"}),
          Map.entry(46, new String[] {"EL3HLT", "Level 3 halted"}),
          Map.entry(47, new String[] {"EL3RST", "Level 3 reset"}),
          Map.entry(48, new String[] {"ELNRNG", "Link number out of range"}),
          Map.entry(49, new String[] {"EUNATCH", "Protocol driver not attached"}),
          Map.entry(50, new String[] {"ENOCSI", "No CSI structure available"}),
          Map.entry(51, new String[] {"EL2HLT", "Level 2 halted"}),
          Map.entry(52, new String[] {"EBADE", "Invalid exchange"}),
          Map.entry(53, new String[] {"EBADR", "Invalid request descriptor"}),
          Map.entry(54, new String[] {"EXFULL", "Exchange full"}),
          Map.entry(55, new String[] {"ENOANO", "No anode"}),
          Map.entry(56, new String[] {"EBADRQC", "Invalid request code"}),
          Map.entry(57, new String[] {"EBADSLT", "Invalid slot"}),
          Map.entry(59, new String[] {"EBFONT", "Bad font file format"}),
          Map.entry(60, new String[] {"ENOSTR", "Device not a stream"}),
          Map.entry(61, new String[] {"ENODATA", "No data available"}),
          Map.entry(62, new String[] {"ETIME", "Timer expired"}),
          Map.entry(63, new String[] {"ENOSR", "Out of streams resources"}),
          Map.entry(64, new String[] {"ENONET", "Machine is not on the network"}),
          Map.entry(65, new String[] {"ENOPKG", "Package not installed"}),
          Map.entry(66, new String[] {"EREMOTE", "Object is remote"}),
          Map.entry(67, new String[] {"ENOLINK", "Link has been severed"}),
          Map.entry(68, new String[] {"EADV", "Advertise error"}),
          Map.entry(69, new String[] {"ESRMNT", "Srmount error"}),
          Map.entry(70, new String[] {"ECOMM", "Communication error on send"}),
          Map.entry(71, new String[] {"EPROTO", "Protocol error"}),
          Map.entry(72, new String[] {"EMULTIHOP", "Multihop attempted"}),
          Map.entry(73, new String[] {"EDOTDOT", "RFS specific error"}),
          Map.entry(74, new String[] {"EBADMSG", "Bad message"}),
          Map.entry(75, new String[] {"EOVERFLOW", "Value too large for defined data type"}),
          Map.entry(76, new String[] {"ENOTUNIQ", "Name not unique on network"}),
          Map.entry(77, new String[] {"EBADFD", "File descriptor in bad state"}),
          Map.entry(78, new String[] {"EREMCHG", "Remote address changed"}),
          Map.entry(79, new String[] {"ELIBACC", "Can not access a needed shared library"}),
          Map.entry(80, new String[] {"ELIBBAD", "Accessing a corrupted shared library"}),
          Map.entry(81, new String[] {"ELIBSCN", ".lib section in a.out corrupted"}),
          Map.entry(
              82, new String[] {"ELIBMAX", "Attempting to link in too many shared libraries"}),
          Map.entry(83, new String[] {"ELIBEXEC", "Cannot exec a shared library directly"}),
          Map.entry(
              84, new String[] {"EILSEQ", "Invalid or incomplete multibyte or wide character"}),
          Map.entry(85, new String[] {"ERESTART", "Interrupted system call should be restarted"}),
          Map.entry(86, new String[] {"ESTRPIPE", "Streams pipe error"}),
          Map.entry(87, new String[] {"EUSERS", "Too many users"}),
          Map.entry(88, new String[] {"ENOTSOCK", "Socket operation on non-socket"}),
          Map.entry(89, new String[] {"EDESTADDRREQ", "Destination address required"}),
          Map.entry(90, new String[] {"EMSGSIZE", "Message too long"}),
          Map.entry(91, new String[] {"EPROTOTYPE", "Protocol wrong type for socket"}),
          Map.entry(92, new String[] {"ENOPROTOOPT", "Protocol not available"}),
          Map.entry(93, new String[] {"EPROTONOSUPPORT", "Protocol not supported"}),
          Map.entry(94, new String[] {"ESOCKTNOSUPPORT", "Socket type not supported"}),
          Map.entry(95, new String[] {"ENOTSUP", "Operation not supported"}),
          Map.entry(96, new String[] {"EPFNOSUPPORT", "Protocol family not supported"}),
          Map.entry(97, new String[] {"EAFNOSUPPORT", "Address family not supported by protocol"}),
          Map.entry(98, new String[] {"EADDRINUSE", "Address already in use"}),
          Map.entry(99, new String[] {"EADDRNOTAVAIL", "Cannot assign requested address"}),
          Map.entry(100, new String[] {"ENETDOWN", "Network is down"}),
          Map.entry(101, new String[] {"ENETUNREACH", "Network is unreachable"}),
          Map.entry(102, new String[] {"ENETRESET", "Network dropped connection on reset"}),
          Map.entry(103, new String[] {"ECONNABORTED", "Software caused connection abort"}),
          Map.entry(104, new String[] {"ECONNRESET", "Connection reset by peer"}),
          Map.entry(105, new String[] {"ENOBUFS", "No buffer space available"}),
          Map.entry(106, new String[] {"EISCONN", "Transport endpoint is already connected"}),
          Map.entry(107, new String[] {"ENOTCONN", "Transport endpoint is not connected"}),
          Map.entry(
              108, new String[] {"ESHUTDOWN", "Cannot send after transport endpoint shutdown"}),
          Map.entry(109, new String[] {"ETOOMANYREFS", "Too many references: cannot splice"}),
          Map.entry(110, new String[] {"ETIMEDOUT", "Connection timed out"}),
          Map.entry(111, new String[] {"ECONNREFUSED", "Connection refused"}),
          Map.entry(112, new String[] {"EHOSTDOWN", "Host is down"}),
          Map.entry(113, new String[] {"EHOSTUNREACH", "No route to host"}),
          Map.entry(114, new String[] {"EALREADY", "Operation already in progress"}),
          Map.entry(115, new String[] {"EINPROGRESS", "Operation now in progress"}),
          Map.entry(116, new String[] {"ESTALE", "Stale file handle"}),
          Map.entry(117, new String[] {"EUCLEAN", "Structure needs cleaning"}),
          Map.entry(118, new String[] {"ENOTNAM", "Not a XENIX named type file"}),
          Map.entry(119, new String[] {"ENAVAIL", "No XENIX semaphores available"}),
          Map.entry(120, new String[] {"EISNAM", "Is a named type file"}),
          Map.entry(121, new String[] {"EREMOTEIO", "Remote I/O error"}),
          Map.entry(122, new String[] {"EDQUOT", "Disk quota exceeded"}),
          Map.entry(123, new String[] {"ENOMEDIUM", "No medium found"}),
          Map.entry(124, new String[] {"EMEDIUMTYPE", "Wrong medium type"}),
          Map.entry(125, new String[] {"ECANCELED", "Operation canceled"}),
          Map.entry(126, new String[] {"ENOKEY", "Required key not available"}),
          Map.entry(127, new String[] {"EKEYEXPIRED", "Key has expired"}),
          Map.entry(128, new String[] {"EKEYREVOKED", "Key has been revoked"}),
          Map.entry(129, new String[] {"EKEYREJECTED", "Key was rejected by service"}),
          Map.entry(130, new String[] {"EOWNERDEAD", "Owner died"}),
          Map.entry(131, new String[] {"ENOTRECOVERABLE", "State not recoverable"}),
          Map.entry(132, new String[] {"ERFKILL", "Operation not possible due to RF-kill"}));

  private Errno() {}

  /** The symbol: {@code EPERM}. */
  public static String name(int errno) {
    String[] text = TEXTS.get(errno);
    return text == null ? "errno " + errno : text[0];
  }

  /** As strerror(3): {@code Operation not permitted}. */
  public static String message(int errno) {
    String[] text = TEXTS.get(errno);
    return text == null ? "Unknown error " + errno : text[1];
  }
}
