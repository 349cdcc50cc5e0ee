/** The contract of runtimes. */
package io.gantry.tck.runtime;
