package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perennial.subscriptions.Destinations.Fine;
import io.perennial.subscriptions.Destinations.RefusedAddressException;
import io.perennial.subscriptions.Destinations.Rejected;
import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
    private final Map<String, List<InetAddress>> names = new HashMap<>();
    private final Destinations allowing = new Destinations(LocalWebhooks.ALLOWED, this::resolve);
    private final Destinations refusing = new Destinations(LocalWebhooks.REFUSED, this::resolve);

    @BeforeEach
    void names() throws Exception {
        point("public.example", "93.184.216.34", "2606:4700:4700::1111");
        point("private.example", "10.0.0.1");
        point("metadata.example", "169.254.169.254");
        point("both.example", "93.184.216.34", "127.0.0.1");
        point("localhost", "127.0.0.1", "::1");
    }

    private void point(String name, String... addresses) throws UnknownHostException {
        InetAddress[] all = new InetAddress[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            all[i] = InetAddress.getByName(addresses[i]);
        }
        names.put(name, Arrays.asList(all));
    }

    // Literals as the system does; no test asks a name server.
    private List<InetAddress> resolve(String host) throws UnknownHostException {
        List<InetAddress> known = names.get(host);
        if (known != null) {
            return known;
        }
        if (host.contains(":") || host.matches("[0-9.]+")) {
            return List.of(InetAddress.getByName(host));
        }
        throw new UnknownHostException(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://public.example",
                "https://public.example/hook?a=b%20c",
                "HTTPS://public.example:8443/",
                "https://93.184.216.34/",
                "https://[2606:4700:4700::1111]/"
            })
    void https_to_the_internet_is_fine(String url) {
        assertEquals(new Fine(), allowing.judge(URI.create(url)));
        assertEquals(new Fine(), refusing.judge(URI.create(url)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://LOCALHOST:1234/hook",
                "http://127.0.0.1:1234/hook",
                "http://127.0.0.0/",
                "http://127.0.0.255/"
            })
    void http_to_the_machine_itself_is_for_development(String url) {
        assertEquals(new Fine(), allowing.judge(URI.create(url)));
        assertInstanceOf(Rejected.class, refusing.judge(URI.create(url)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://public.example/",
                "http://93.184.216.34/",
                "http://127.0.1.1/",
                "http://127.1/",
                "http://127.0.0.1./",
                "http://localhost./",
                "http://localhost.example/",
                "http://[::1]/",
                "http://0.0.0.0/",
                "https://localhost/",
                "https://127.0.0.1/",
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0x7f.1/",
                "https://0177.0.0.1/",
                "https://10.0.0.1/",
                "https://172.16.0.1/",
                "https://192.168.1.1/",
                "https://100.64.0.1/",
                "https://169.254.169.254/latest/meta-data",
                "https://0.0.0.0/",
                "https://224.0.0.1/",
                "https://[::1]/",
                "https://[::]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:a00:1]/",
                "https://[2002:7f00:1::]/",
                "https://[fd00::1]/",
                "https://[fe80::1]/",
                "https://[fe80::1%25lo]/",
                "https://[ff02::1]/",
                "https://[64:ff9b::a00:1]/",
                "https://private.example/",
                "https://metadata.example/",
                "https://both.example/"
            })
    void everything_else_that_leads_to_a_host_is_rejected(String url) {
        assertInstanceOf(Rejected.class, allowing.judge(URI.create(url)));
        assertInstanceOf(Rejected.class, refusing.judge(URI.create(url)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/hook",
                "//public.example/",
                "public.example",
                "https:public.example",
                "https:///hook",
                "https://:443/",
                "https://a_b.example/",
                "https://user@public.example/",
                "https://user:password@public.example/",
                "https://@public.example/",
                "https://public.example/#fragment",
                "https://public.example:0/",
                "https://public.example:65536/",
                "ftp://public.example/",
                "file:///etc/passwd",
                "gopher://127.0.0.1/",
                "jar:https://public.example!/",
                "ws://public.example/"
            })
    void what_is_no_plain_https_url_is_rejected(String url) {
        assertInstanceOf(Rejected.class, allowing.judge(URI.create(url)));
    }

    @Test
    void a_url_has_a_longest_length() {
        String url = "https://public.example/";
        assertEquals(new Fine(), allowing.judge(URI.create(url + "a".repeat(2048 - url.length()))));
        assertInstanceOf(Rejected.class, allowing.judge(URI.create(url + "a".repeat(2049 - url.length()))));
    }

    @Test
    void a_name_that_resolves_to_nothing_now_is_judged_when_it_is_called() throws Exception {
        assertEquals(new Fine(), allowing.judge(URI.create("https://later.example/")));
        assertThrows(UnknownHostException.class, () -> allowing.address("later.example"));
        point("later.example", "10.0.0.1");
        assertThrows(RefusedAddressException.class, () -> allowing.address("later.example"));
        point("later.example", "93.184.216.34");
        assertEquals(InetAddress.getByName("93.184.216.34"), allowing.address("later.example"));
    }

    @Test
    void a_name_that_is_pointed_elsewhere_is_refused_at_the_next_call() throws Exception {
        assertEquals(new Fine(), allowing.judge(URI.create("https://public.example/")));
        point("public.example", "169.254.169.254");
        assertThrows(RefusedAddressException.class, () -> allowing.address("public.example"));
    }

    @Test
    void localhost_is_refused_where_it_is_not_the_machine_itself() throws Exception {
        point("localhost", "93.184.216.34");
        assertThrows(RefusedAddressException.class, () -> allowing.address("localhost"));
        assertInstanceOf(Rejected.class, allowing.judge(URI.create("http://localhost/")));
    }

    @Test
    void local_webhooks_that_are_refused_are_refused_at_the_call_too() {
        assertThrows(RefusedAddressException.class, () -> refusing.address("127.0.0.1"));
        assertThrows(RefusedAddressException.class, () -> refusing.address("localhost"));
    }
}
