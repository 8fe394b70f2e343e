package io.perennial.server;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Everything that can be configured: the key of the file, the flag, the environment variable, the default.
///
/// @see Settings
enum Setting {
    HOST("server.host", "--host", "127.0.0.1", "HOST", "The address to listen on."),
    PORT("server.port", "--port", "4437", "PORT", "The port to listen on; 0 takes any free one and prints it."),
    REQUIRE_AUTH(
            "security.require-auth",
            "--require-auth",
            "false",
            "true|false",
            "Whether everybody has to say who they are, with a token."),
    INSECURE_OPEN(
            "security.insecure-open",
            "--insecure-open",
            "false",
            "true|false",
            "Whether others than this machine may do everything without a token."),
    CONCEAL(
            "security.conceal",
            "--conceal",
            "false",
            "true|false",
            "Whether what somebody may not do is answered as if it weren't there: 404 in place of 403."),
    TOKENS(
            "security.tokens",
            "--tokens",
            "",
            "FILE",
            "Where tokens are kept; without, tokens.json in the data directory."),
    LINK_KEY(
            "security.link-key",
            "--link-key",
            "",
            "FILE",
            "What signs links: 32 bytes or more in base64; without, link.key in the data directory, made when needed."),
    TLS_CERTIFICATE(
            "tls.certificate",
            "--tls-certificate",
            "",
            "FILE",
            "The certificate in PEM, with those that vouch for it behind it; with it, https and nothing else."),
    TLS_KEY(
            "tls.key",
            "--tls-key",
            "",
            "FILE",
            "Its key in PEM: PKCS#8, RSA or EC, without a password, and nobody but its owner may read it."),
    TLS_CLIENT_CA(
            "tls.client-ca",
            "--tls-client-ca",
            "",
            "FILE",
            "Who vouches for clients, in PEM: a certificate is taken in place of a token's secret."),
    JWT_ISSUER(
            "security.jwt.issuer",
            "--jwt-issuer",
            "",
            "NAME",
            "Whose JWTs are taken: their iss. Goes with an audience and keys."),
    JWT_AUDIENCE("security.jwt.audience", "--jwt-audience", "", "NAME", "What has to be in their aud."),
    JWT_KEYS(
            "security.jwt.keys",
            "--jwt-keys",
            "",
            "FILE|URL",
            "The issuer's public keys, a JWK Set: a file, or an http or https URL."),
    JWT_KEYS_REFRESH(
            "security.jwt.keys-refresh",
            "--jwt-keys-refresh",
            "PT5M",
            "DURATION",
            "How often keys at a URL are asked for."),
    JWT_KEYS_STALE(
            "security.jwt.keys-stale",
            "--jwt-keys-stale",
            "PT1H",
            "DURATION",
            "For how long they are trusted while they can't be had."),
    JWT_CLAIM("security.jwt.claim", "--jwt-claim", "perennial", "NAME", "The claim with the permissions."),
    JWT_SKEW("security.jwt.skew", "--jwt-skew", "PT30S", "DURATION", "How far the issuer's clock may be off."),
    DATA_DIR("data-dir", "--data-dir", "$HOME/.perennial/data", "DIR", "Where events are kept."),
    REGISTRY_FILE(
            "registry.file",
            "--registry",
            "$HOME/.perennial/servers.json",
            "FILE",
            "The list of servers, shared by all servers of the machine."),
    DURABLE_STREAMS(
            "experimental.durableStreams",
            "--durable-streams",
            "false",
            "true|false",
            "Whether events are persisted; off, only GET /event answers."),
    TOKEN_REQUESTS(
            "limits.token-requests-per-second",
            "--token-requests-per-second",
            "0",
            "COUNT",
            "Requests that one token may make in a second; 0 is no limit."),
    TOKEN_BYTES(
            "limits.token-append-bytes-per-second",
            "--token-append-bytes-per-second",
            "0",
            "BYTES",
            "What one token may append in a second; 0 is no limit."),
    TOKEN_FOLLOWERS(
            "limits.token-followers",
            "--token-followers",
            "0",
            "COUNT",
            "Live answers that one token may have at once; 0 is no limit."),
    TOKEN_SUBSCRIPTIONS(
            "limits.token-subscriptions",
            "--token-subscriptions",
            "0",
            "COUNT",
            "Subscriptions that one token may have made; 0 is no limit."),
    ADDRESS_REQUESTS(
            "limits.address-requests-per-second",
            "--address-requests-per-second",
            "0",
            "COUNT",
            "Requests that one address may make in a second; 0 is no limit."),
    ADDRESS_BYTES(
            "limits.address-append-bytes-per-second",
            "--address-append-bytes-per-second",
            "0",
            "BYTES",
            "What one address may append in a second; 0 is no limit."),
    ADDRESS_FOLLOWERS(
            "limits.address-followers",
            "--address-followers",
            "0",
            "COUNT",
            "Live answers that one address may have at once; 0 is no limit."),
    TRUSTED_PROXIES(
            "limits.trusted-proxies",
            "--trusted-proxies",
            "",
            "ADDRESS,...",
            "Proxies that are believed for whom they call, such as 127.0.0.1,10.0.0.0/8."),
    PAGE_BYTES(
            "page-bytes",
            "--page-bytes",
            "1048576",
            "BYTES",
            "The events of one catch-up answer; at least one event is in it."),
    BODY_LIMIT_BYTES("body-limit-bytes", "--body-limit-bytes", "4194304", "BYTES", "The longest request body."),
    ACCESS_LOG(
            "access-log",
            "--access-log",
            "",
            "FILE",
            "Where a line for each answer goes: FILE.0, with older ones in FILE.1 to FILE.4; - is standard output."),
    ACCESS_LOG_BYTES(
            "access-log-bytes", "--access-log-bytes", "67108864", "BYTES", "After how many the next file begins."),
    HEARTBEAT("heartbeat", "--heartbeat", "PT15S", "DURATION", "How long a live answer may say nothing."),
    FOLLOWER_LIMIT("follower-limit", "--follower-limit", "10000", "COUNT", "Live answers at once; one more gets 503."),
    CONNECTION_LIMIT(
            "connection-limit", "--connection-limit", "20000", "COUNT", "Connections at once; one more gets 503."),
    REQUEST_TIMEOUT(
            "request-timeout", "--request-timeout", "PT1M", "DURATION", "How long a request may take to arrive."),
    TRANSIT_BYTES(
            "transit-bytes",
            "--transit-bytes",
            "268435456",
            "BYTES",
            "Bodies and pages that are under way, in memory; beyond it the slowest are cut off."),
    IDLE_TIMEOUT(
            "idle-timeout", "--idle-timeout", "PT5M", "DURATION", "How long a connection may stay without a request."),
    LONG_POLL_WAIT("long-poll-wait", "--long-poll-wait", "PT30S", "DURATION", "How long a long-poll waits for news."),
    SSE_LIFETIME(
            "sse-lifetime",
            "--sse-lifetime",
            "PT60S",
            "DURATION",
            "When an SSE answer under /v1/stream ends, so that its client connects again."),
    ALLOWED_ORIGINS(
            "allowed-origins",
            "--allowed-origins",
            "localhost",
            "ORIGIN,...",
            "Whose pages may use the streams, such as https://app.example; localhost is this machine's, * everybody's."),
    QUEUED_APPENDS("queued-appends", "--queued-appends", "16384", "COUNT", "Appends that may wait for the disk."),
    QUEUED_BYTES("queued-bytes", "--queued-bytes", "268435456", "BYTES", "Events that may wait for the disk."),
    PAGE_CACHE_BYTES(
            "page-cache-bytes",
            "--page-cache-bytes",
            "67108864",
            "BYTES",
            "Pages kept in memory that were read lately; 0 keeps none."),
    RETENTION(
            "retention",
            "--retention",
            "",
            "RULE;...",
            "How much of which streams is kept, such as sessions/*=age:P7D,bytes:1073741824,count:100000; without, all."),
    BUS_WINDOW_MESSAGES(
            "bus-window-messages",
            "--bus-window-messages",
            "65536",
            "COUNT",
            "News kept in memory for slow followers, who read from disk after it."),
    BUS_WINDOW_BYTES("bus-window-bytes", "--bus-window-bytes", "67108864", "BYTES", "The same in bytes."),
    REGISTRY_TTL(
            "registry.ttl", "--registry-ttl", "PT30S", "DURATION", "How long a server is listed without a heartbeat."),
    REGISTRY_HEARTBEAT(
            "registry.heartbeat", "--registry-heartbeat", "PT15S", "DURATION", "How often a server renews its lease."),
    PUBLIC_URL(
            "public-url", "--public-url", "", "URL", "Where webhooks reach this server; without it, where it listens."),
    SUBSCRIPTION_LIMIT("subscription-limit", "--subscription-limit", "1000", "COUNT", "The most subscriptions."),
    LINK_LIMIT("link-limit", "--link-limit", "10000", "COUNT", "The most streams that a subscription is linked to."),
    DELIVERY_LIMIT("delivery-limit", "--delivery-limit", "64", "COUNT", "How many webhooks are called at once."),
    WEBHOOK_TIMEOUT(
            "webhook-timeout",
            "--webhook-timeout",
            "PT30S",
            "DURATION",
            "How long a webhook may take to answer; a shorter lease goes before."),
    LOCAL_WEBHOOKS(
            "local-webhooks",
            "--local-webhooks",
            "true",
            "true|false",
            "Whether webhooks may be http://localhost and http://127.0.0.x, for development.");

    private final String key;
    private final String flag;
    private final String fallback;
    private final String value;
    private final String help;

    Setting(String key, String flag, String fallback, String value, String help) {
        this.key = key;
        this.flag = flag;
        this.fallback = fallback;
        this.value = value;
        this.help = help;
    }

    String key() {
        return key;
    }

    String flag() {
        return flag;
    }

    /// `PERENNIAL_` and the flag in capitals.
    String variable() {
        return "PERENNIAL_" + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    String fallback() {
        return fallback;
    }

    /// What stands for the value in the help.
    String value() {
        return value;
    }

    /// Whether the flag alone says true.
    boolean isSwitch() {
        return value.equals("true|false");
    }

    String help() {
        return help;
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }
}
