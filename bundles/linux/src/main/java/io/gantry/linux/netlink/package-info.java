/**
 * Links, addresses and routes through rtnetlink, on a socket that may have been opened in another
 * network namespace; and the making of network namespaces.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.linux.netlink;
