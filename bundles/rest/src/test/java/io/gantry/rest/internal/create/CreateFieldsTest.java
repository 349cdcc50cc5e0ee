// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.create;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.rest.internal.create.FieldTable.Line;
import io.gantry.rest.internal.create.FieldTable.Treatment;
import io.gantry.rest.internal.wire.Fields;
import io.gantry.rest.internal.wire.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every field of a create request has an effect, is refused, or is inert for a reason. */
class CreateFieldsTest {
  /** Fields of older versions, and the two structs that the first one carries. */
  private static final Set<String> UNDESCRIBED = Set.of("HostConfig KernelMemory");

  /** Fields whose type does not say what a value looks like. */
  private static final Map<String, String> SAMPLES =
      Map.ofEntries(
          Map.entry("ContainerConfig Healthcheck", "{\"Test\":[\"CMD\",\"true\"]}"),
          Map.entry("ContainerConfig Volumes", "{\"/v\":{}}"),
          Map.entry("HostConfig LogConfig", "{\"Type\":\"local\"}"),
          Map.entry("HostConfig RestartPolicy", "{\"Name\":\"always\"}"),
          Map.entry("HostConfig Mounts", "[{\"Type\":\"bind\",\"Target\":\"/t\"}]"),
          Map.entry("HostConfig Ulimits", "[{\"Name\":\"nofile\",\"Soft\":1,\"Hard\":2}]"),
          Map.entry("Mount BindOptions", "{\"Propagation\":\"shared\"}"),
          Map.entry("Mount VolumeOptions", "{\"NoCopy\":true}"),
          Map.entry("Mount TmpfsOptions", "{\"SizeBytes\":1}"),
          Map.entry("Mount.VolumeOptions DriverConfig", "{\"Name\":\"d\"}"));

  private record Described(String schema, String field, String type) {
    String key() {
      return schema + " " + field;
    }

    String sample() {
      String special = SAMPLES.get(key());
      if (special != null) {
        return special;
      }
      return switch (type) {
        case "string" -> "\"x\"";
        case "integer", "number" -> "7";
        case "boolean" -> "true";
        case "array" -> "[\"x\"]";
        default -> "{\"x\":\"y\"}";
      };
    }
  }

  private static List<Described> described() throws IOException {
    List<Described> fields = new ArrayList<>();
    try (InputStream in =
        CreateFieldsTest.class.getResourceAsStream("/engine-api/create-fields.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.isEmpty() && !line.startsWith("#")) {
          String[] words = line.split(" ", -1);
          fields.add(new Described(words[0], words[1], words[2]));
        }
      }
    }
    return fields;
  }

  @Test
  void everyFieldHasALine() throws Exception {
    Set<String> lines = new TreeSet<>();
    CreateFields.bySchema()
        .forEach((schema, table) -> table.names().forEach(name -> lines.add(schema + " " + name)));
    Set<String> expected = new TreeSet<>(UNDESCRIBED);
    for (Described field : described()) {
      // refused as a whole
      if (!field.schema().equals("Mount.ImageOptions")) {
        expected.add(field.key());
      }
    }
    assertEquals(expected, lines);
  }

  @Test
  void whatIsNotHonouredHasAReason() {
    CreateFields.bySchema()
        .values()
        .forEach(
            table ->
                table
                    .lines()
                    .values()
                    .forEach(
                        line ->
                            assertEquals(
                                line.treatment() == Treatment.HONOURED,
                                line.reason().isEmpty(),
                                line.name())));
  }

  private ContainerSpec specification(String schema, String member) {
    String mount = "\"Type\":\"volume\",\"Target\":\"/t\"" + (member.isEmpty() ? "" : ",");
    String comma = member.isEmpty() ? "" : ",";
    String body =
        switch (schema) {
          case "ContainerConfig" -> "{\"Cmd\":[\"c\"]" + comma + member + "}";
          case "HostConfig" -> "{\"Cmd\":[\"c\"],\"HostConfig\":{" + member + "}}";
          case "NetworkingConfig" -> "{\"Cmd\":[\"c\"],\"NetworkingConfig\":{" + member + "}}";
          case "EndpointSettings" ->
              "{\"Cmd\":[\"c\"],\"NetworkingConfig\":{\"EndpointsConfig\":{\"default\":{"
                  + member
                  + "}}}}";
          case "Mount" -> "{\"HostConfig\":{\"Mounts\":[{" + mount + member + "}]}}";
          default ->
              "{\"HostConfig\":{\"Mounts\":[{"
                  + mount
                  + (member.isEmpty() ? "" : nested(schema, member))
                  + "}]}}";
        };
    boolean image = member.startsWith("\"Image\"");
    String complete = "{" + (image ? "" : "\"Image\":\"i\",") + body.substring(1);
    // the field itself must win over the frame around it
    String deduplicated =
        member.startsWith("\"Cmd\"") ? complete.replaceFirst("\"Cmd\":\\[\"c\"],", "") : complete;
    return ContainerRequest.specification(
        Fields.of(
            JsonReader.read(deduplicated.getBytes(StandardCharsets.UTF_8)), ContainerRequest.TYPE));
  }

  private static String nested(String schema, String member) {
    return "\"" + schema.substring(schema.indexOf('.') + 1) + "\":{" + member + "}";
  }

  @TestFactory
  List<DynamicTest> eachFieldIsTreatedAsItsLineSays() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    Map<String, FieldTable> tables = new TreeMap<>(CreateFields.bySchema());
    for (Described field : described()) {
      FieldTable table = tables.get(field.schema());
      if (table != null && !field.field().equals("EndpointsConfig")) {
        Line line = table.lines().get(field.field());
        tests.add(
            DynamicTest.dynamicTest(
                field.key() + " " + line.treatment(), () -> check(field, line.treatment())));
      }
    }
    return tests;
  }

  private void check(Described field, Treatment treatment) {
    String member = "\"" + field.field() + "\":" + field.sample();
    ContainerSpec without = specification(field.schema(), "");
    switch (treatment) {
      case HONOURED ->
          assertNotEquals(without, specification(field.schema(), member), "has no effect");
      case INERT -> assertEquals(without, specification(field.schema(), member));
      case REFUSED -> {
        EngineException refused =
            assertThrows(EngineException.class, () -> specification(field.schema(), member));
        assertEquals(ErrorKind.UNSUPPORTED, refused.kind());
        assertTrue(refused.getMessage().contains(field.field()), refused.getMessage());
        specification(field.schema(), "\"" + field.field() + "\":null");
      }
    }
  }

  @Test
  void whatTheCommandLineClientAlwaysSendsIsAccepted() {
    ContainerSpec spec =
        ContainerRequest.specification(
            Fields.of(
                JsonReader.read(
                    ("{\"Hostname\":\"\",\"Domainname\":\"\",\"User\":\"\",\"AttachStdin\":false,"
                            + "\"AttachStdout\":true,\"AttachStderr\":true,\"Tty\":false,"
                            + "\"OpenStdin\":false,\"StdinOnce\":false,\"Env\":null,"
                            + "\"Cmd\":[\"true\"],\"Image\":\"busybox\",\"Volumes\":{},"
                            + "\"WorkingDir\":\"\",\"Entrypoint\":null,\"OnBuild\":null,"
                            + "\"Labels\":{},\"HostConfig\":{\"Binds\":null,"
                            + "\"ContainerIDFile\":\"\",\"LogConfig\":{\"Type\":\"\","
                            + "\"Config\":{}},\"NetworkMode\":\"default\",\"PortBindings\":{},"
                            + "\"RestartPolicy\":{\"Name\":\"no\",\"MaximumRetryCount\":0},"
                            + "\"ConsoleSize\":[0,0],\"MemorySwappiness\":-1,\"PidsLimit\":0,"
                            + "\"OomKillDisable\":false,\"BlkioWeightDevice\":[],\"Devices\":[]},"
                            + "\"NetworkingConfig\":{\"EndpointsConfig\":{\"default\":{"
                            + "\"IPAMConfig\":null,\"Links\":null,\"Aliases\":null,"
                            + "\"MacAddress\":\"\",\"DriverOpts\":null,\"GwPriority\":0,"
                            + "\"NetworkID\":\"\",\"DNSNames\":null}}}}")
                        .getBytes(StandardCharsets.UTF_8)),
                ContainerRequest.TYPE));
    assertEquals(List.of("true"), spec.process().cmd());
    assertEquals(null, spec.process().entrypoint());
    assertEquals("no", spec.lifecycle().restart());
    assertEquals(null, spec.resources().pidsLimit());
  }
}
