// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/**
 * The way from {@code bin/gantryd} to a running framework; uses nothing but the JDK and Karaf's own
 * main.
 */
package io.gantry.launcher;
