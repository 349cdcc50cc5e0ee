// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec;

/** How a container sees its cgroups, at the place of its {@code cgroup} mount. */
interface CgroupMounts {
  void mount(RootfsBranch rootfs, RuntimeSpec.Mount mount, MountOptions options);
}
