/** The contract of network drivers. */
package io.gantry.tck.network;
