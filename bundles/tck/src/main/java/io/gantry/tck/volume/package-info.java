/** The contract of volume drivers. */
package io.gantry.tck.volume;
