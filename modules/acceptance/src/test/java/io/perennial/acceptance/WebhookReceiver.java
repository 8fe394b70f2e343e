package io.perennial.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a webhook leads to: it takes calls, and a test answers them when it likes.
final class WebhookReceiver implements AutoCloseable {
    private static final Pattern SIGNATURE = Pattern.compile("t=([0-9]+),kid=([^,]+),ed25519=([A-Za-z0-9_-]+)");

    private final HttpServer server;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/hook", exchange -> calls.add(new Call(exchange)));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /// The next call that wasn't taken yet.
    Call take() throws InterruptedException {
        Call call = calls.poll(Eventually.LONG.toSeconds(), TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("nobody called within " + Eventually.LONG);
        }
        return call;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    static final class Call {
        private final HttpExchange exchange;
        private final byte[] body;

        private Call(HttpExchange exchange) throws IOException {
            this.exchange = exchange;
            this.body = exchange.getRequestBody().readAllBytes();
        }

        JsonObject json() {
            return Client.json(new String(body, StandardCharsets.UTF_8)).asJsonObject();
        }

        void answer(int status, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }

        /// Whether it is signed with a key of the set.
        boolean isSignedWith(JsonObject keySet) throws GeneralSecurityException {
            Matcher header = SIGNATURE.matcher(exchange.getRequestHeaders().getFirst("Webhook-Signature"));
            if (!header.matches()) {
                return false;
            }
            JsonObject key = keySet.getJsonArray("keys").getValuesAs(JsonObject.class).stream()
                    .filter(one -> one.getString("kid").equals(header.group(2)))
                    .findFirst()
                    .orElseThrow();
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(publicKey(Base64.getUrlDecoder().decode(key.getString("x"))));
            signature.update((header.group(1) + ".").getBytes(StandardCharsets.US_ASCII));
            signature.update(body);
            return signature.verify(Base64.getUrlDecoder().decode(header.group(3)));
        }

        // RFC 8032, section 5.1.2: little-endian, and the highest bit is the sign of x.
        private static PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
            byte[] bigEndian = new byte[raw.length];
            for (int i = 0; i < raw.length; i++) {
                bigEndian[i] = raw[raw.length - 1 - i];
            }
            boolean isOdd = (bigEndian[0] & 0x80) != 0;
            bigEndian[0] &= 0x7f;
            EdECPoint point = new EdECPoint(isOdd, new BigInteger(1, bigEndian));
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
        }
    }
}
