/**
 * Snapshots as directories with a file each that names them: what storage drivers of that kind
 * share.
 */
package io.gantry.storage.directory;
