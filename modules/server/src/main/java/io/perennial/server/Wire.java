package io.perennial.server;

import io.helidon.common.tls.Tls;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/// One connection of HTTP/1.1 that is used again and again, and does as little as it can: what a client costs is lost
/// to the server that it measures. For one thread.
final class Wire implements AutoCloseable {
    private static final String LENGTH = "content-length:";
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 60_000;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final URI url;
    private final String authorization;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /// @param tls how the server is made sure of, where it has to be
    Wire(URI url, Tls tls, Optional<String> token) throws IOException {
        this.url = url;
        this.authorization =
                token.map(known -> "Authorization: Bearer " + known + "\r\n").orElse("");
        int port = url.getPort() < 0 ? (tls.enabled() ? HTTPS : HTTP) : url.getPort();
        Socket plain = new Socket();
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(READ_MILLIS);
        plain.connect(new InetSocketAddress(url.getHost(), port), CONNECT_MILLIS);
        this.socket = tls.enabled() ? secured(plain, url.getHost(), port, tls) : plain;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = socket.getOutputStream();
    }

    private static Socket secured(Socket plain, String host, int port, Tls tls) throws IOException {
        SSLSocket secured = (SSLSocket) tls.sslContext().getSocketFactory().createSocket(plain, host, port, true);
        secured.setSSLParameters(tls.sslParameters());
        return secured;
    }

    /// What goes over it for one request.
    ///
    /// @param headers lines, each with its end
    byte[] request(String method, String target, String headers, String body) {
        return (method + " " + target + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n" + authorization + headers
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Sends a request and takes the answer; returns the length of its body.
    ///
    /// @throws IOException where there is none, or it is a refusal
    long exchange(byte[] request) throws IOException {
        out.write(request);
        String status = line();
        long length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Long.parseLong(header.substring(LENGTH.length()).strip());
            }
        }
        in.skipNBytes(length);
        if (!status.startsWith("2", STATUS_AT)) {
            throw new IOException("the server answers " + status.substring(STATUS_AT));
        }
        return length;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server has closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
