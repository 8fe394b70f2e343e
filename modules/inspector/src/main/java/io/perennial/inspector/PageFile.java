package io.perennial.inspector;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/// A file of the page, in both encodings in which it is sent.
final class PageFile {
    private static final int TAG_BYTES = 12;

    private final String path;
    private final String type;
    private final String tag;
    private final byte[] plain;
    private final byte[] zipped;

    private PageFile(String path, String type, byte[] plain) throws IOException {
        this.path = path;
        this.type = type;
        this.tag = tag(plain);
        this.plain = plain;
        this.zipped = zip(plain);
    }

    /// @param path where it is served
    /// @param name of the resource
    /// @param type the media type
    static PageFile read(String path, String name, String type) {
        try (InputStream in = PageFile.class.getResourceAsStream("/page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the page's file " + name + " is missing");
            }
            return new PageFile(path, type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, TAG_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] zip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    String path() {
        return path;
    }

    String type() {
        return type;
    }

    /// Names the content, without quotes: the same in every process that has the same file.
    String tag() {
        return tag;
    }

    /// Not to be changed.
    byte[] plain() {
        return plain;
    }

    /// Not to be changed.
    byte[] zipped() {
        return zipped;
    }
}
