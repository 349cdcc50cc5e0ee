// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Makes images as archives, in each format and compression. */
final class Archives {
  enum Compression {
    NONE,
    GZIP,
    ZSTD;

    byte[] of(byte[] plain) throws IOException {
      if (this == NONE) {
        return plain;
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out =
          this == GZIP ? new GZIPOutputStream(bytes) : new ZstdOutputStream(bytes)) {
        out.write(plain);
      }
      return bytes.toByteArray();
    }
  }

  /** An image that is not packed yet. */
  record Image(List<byte[]> layers, String reference) {
    byte[] configuration() {
      List<String> diffIds =
          layers.stream().map(layer -> "\"sha256:" + sha256(layer) + "\"").toList();
      return json(
          "{'architecture':'amd64','os':'linux','created':'2020-01-02T03:04:05.6Z',"
              + "'config':{'Cmd':['sh'],'Env':['A=b'],'WorkingDir':'/w'},"
              + "'history':[{'created':'2020-01-02T03:04:05.6Z','created_by':'x'}],"
              + "'rootfs':{'type':'layers','diff_ids':"
              + diffIds.toString().replace('"', '\'')
              + "}}");
    }

    String id() {
      return "sha256:" + sha256(configuration());
    }
  }

  private Archives() {}

  static byte[] docker(Compression layerCompression, Image... images) throws IOException {
    TarBytes tar = new TarBytes();
    List<String> manifest = new ArrayList<>();
    for (Image image : images) {
      List<String> names = new ArrayList<>();
      for (byte[] layer : image.layers()) {
        String name = sha256(layer) + "/layer.tar";
        tar.file(name, layerCompression.of(layer));
        names.add("'" + name + "'");
      }
      String configuration = image.id().substring(7) + ".json";
      tar.file(configuration, image.configuration());
      manifest.add(
          "{'Config':'"
              + configuration
              + "','RepoTags':"
              + (image.reference() == null ? "null" : "['" + image.reference() + "']")
              + ",'Layers':"
              + names
              + "}");
    }
    return tar.file("manifest.json", json(manifest.toString())).bytes();
  }

  static byte[] oci(Compression layerCompression, Image image) throws IOException {
    TarBytes tar = new TarBytes().file("oci-layout", json("{'imageLayoutVersion':'1.0.0'}"));
    List<String> layers = new ArrayList<>();
    for (byte[] layer : image.layers()) {
      byte[] blob = layerCompression.of(layer);
      tar.file("blobs/sha256/" + sha256(blob), blob);
      layers.add(descriptor(blob, ""));
    }
    tar.file("blobs/sha256/" + image.id().substring(7), image.configuration());
    byte[] manifest =
        json(
            "{'schemaVersion':2,'config':"
                + descriptor(image.configuration(), "")
                + ",'layers':"
                + layers
                + "}");
    tar.file("blobs/sha256/" + sha256(manifest), manifest);
    String other = ",'platform':{'os':'linux','architecture':'s390x'}";
    String ours = ",'platform':{'os':'linux','architecture':'" + Platforms.ARCHITECTURE + "'}";
    byte[] index =
        json(
            "{'schemaVersion':2,'manifests':["
                + descriptor(new byte[0], other)
                + ","
                + descriptor(manifest, ours)
                + "]}");
    tar.file("blobs/sha256/" + sha256(index), index);
    String name = ",'annotations':{'io.containerd.image.name':'" + image.reference() + "'}";
    return tar.file("index.json", json("{'manifests':[" + descriptor(index, name) + "]}")).bytes();
  }

  private static String descriptor(byte[] blob, String more) {
    return "{'digest':'sha256:" + sha256(blob) + "','size':" + blob.length + more + "}";
  }

  static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
