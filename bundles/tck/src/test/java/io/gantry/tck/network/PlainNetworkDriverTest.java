// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.network;

class PlainNetworkDriverTest extends OnFakeKernel {}
