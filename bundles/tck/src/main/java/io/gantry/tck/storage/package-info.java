/** What storage drivers must do. */
package io.gantry.tck.storage;
