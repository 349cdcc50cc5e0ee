// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs a contract as a test of its own, to see that it finds what is wrong with a broken driver.
 */
public record ContractRun(long succeeded, Set<String> failed, String report) {

  /** Runs all cases of a class that extends a contract. */
  public static ContractRun of(Class<?> contract) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(contract)).build(),
            listener);
    TestExecutionSummary summary = listener.getSummary();
    TreeSet<String> failed = new TreeSet<>();
    summary
        .getFailures()
        .forEach(f -> failed.add(f.getTestIdentifier().getDisplayName().replace("()", "")));
    StringWriter report = new StringWriter();
    summary.printFailuresTo(new PrintWriter(report), 5);
    return new ContractRun(summary.getTestsSucceededCount(), failed, report.toString());
  }
}
