// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.network.Attachment;
import io.gantry.api.network.EndpointSpec;
import io.gantry.api.network.NetworkDriver;
import io.gantry.api.network.NetworkSpec;
import io.gantry.tck.ContractRun;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract finds what is wrong with drivers that are broken on purpose. */
class NetworkDriverContractTest {
  @Test
  void findsADriverWithOneLinkForAll() {
    Set<String> failed = ContractRun.of(OneLinkForAll.class).failed();
    assertTrue(
        failed.containsAll(Set.of("endpointsAreApart", "aNamespaceMayHaveSeveralEndpoints")),
        failed.toString());
  }

  @Test
  void findsADriverThatLeavesTheBridge() {
    Set<String> failed = ContractRun.of(LeavesTheBridge.class).failed();
    assertEquals(Set.of("removingLeavesTheHostAsBefore"), failed);
  }

  @Test
  void findsADriverThatMakesTheNetworkUnasked() {
    Set<String> failed = ContractRun.of(MakesTheNetworkUnasked.class).failed();
    assertTrue(failed.contains("aNetworkMustBeEnsuredFirst"), failed.toString());
  }

  static class OneLinkForAll extends OnFakeKernel {
    @Override
    protected NetworkDriver open() {
      return new PlainNetworkDriver(kernel) {
        @Override
        String hostEnd(String endpointId) {
          return "veth";
        }
      };
    }
  }

  static class LeavesTheBridge extends OnFakeKernel {
    @Override
    protected NetworkDriver open() {
      return new PlainNetworkDriver(kernel) {
        @Override
        public void remove(NetworkSpec network) {}
      };
    }
  }

  static class MakesTheNetworkUnasked extends OnFakeKernel {
    @Override
    protected NetworkDriver open() {
      return new PlainNetworkDriver(kernel) {
        @Override
        public Attachment attach(NetworkSpec network, EndpointSpec endpoint) {
          ensure(network);
          return super.attach(network, endpoint);
        }
      };
    }
  }
}
