import org.jspecify.annotations.NullMarked;

/// Measures Perennial's image beside the servers that people would otherwise run, and beside what Helidon costs alone,
/// each load against all of them in turn. It speaks HTTP and knows none of Perennial's modules; nothing depends on it,
/// and it is in no image.
@NullMarked
module io.perennial.benchmarks {
    requires static org.jspecify;
    requires HdrHistogram;
    requires info.picocli;
    requires io.helidon.http;
    requires io.helidon.webserver;
    requires java.management;
    requires java.net.http;
    requires jdk.management;
    requires me.tongfei.progressbar;

    opens io.perennial.benchmarks to
            info.picocli;
}
