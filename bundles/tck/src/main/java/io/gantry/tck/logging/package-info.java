/** The contract of log drivers. */
package io.gantry.tck.logging;
