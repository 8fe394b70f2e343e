package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perennial.subscriptions.Destinations.Fine;
import io.perennial.subscriptions.Destinations.RefusedAddressException;
import io.perennial.subscriptions.Destinations.Rejected;
import io.perennial.subscriptions.Destinations.Verdict;
import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
    private static final String PUBLIC = "93.184.216.34";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://worker.example",
                "https://worker.example/hooks?a=b",
                "https://worker.example:8443/",
                "https://worker.example:65535/",
                "HTTPS://Worker.Example/",
                "https://worker.example./",
                "https://xn--bcher-kva.example/",
                "https://93.184.216.34/",
                "https://[2606:4700::1111]/",
                "https://1.2.3.example/",
                "https://0x7f.example/",
            })
    void https_to_the_public_internet_is_fine(String url) {
        assertInstanceOf(Fine.class, judge(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://worker.example/",
                "HTTP://worker.example/",
                "http://93.184.216.34/",
                "http://localhost./",
                "http://localhost.example/",
                "http://127.1.0.1/",
                "http://127.0.1.1/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "ftp://worker.example/",
                "file:///etc/passwd",
                "gopher://worker.example/",
                "jar:https://worker.example/x!/",
                "javascript:alert(1)",
                "ws://worker.example/",
                "//worker.example/",
                "/hooks",
                "worker.example",
                "",
            })
    void everything_else_is_rejected(String url) {
        assertInstanceOf(Rejected.class, judge(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user@worker.example/",
                "https://user:password@worker.example/",
                "https://@worker.example/",
                "https://127.0.0.1@worker.example/",
                "https://worker.example/#fragment",
                "https://worker.example/#",
                "https:worker.example",
                "https:///hooks",
                "https://worker_1.example/",
                "https://%6cocalhost/",
                "https://bücher.example/",
                "https://worker.example:0/",
                "https://worker.example:65536/",
                "https://worker.example:x/",
            })
    void a_url_has_a_plain_host_and_a_real_port(String url) {
        assertInstanceOf(Rejected.class, judge(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f000001",
                "0X7F000001",
                "017700000001",
                "127.1",
                "127.0.1",
                "0177.0.0.1",
                "0x7f.0.0.1",
                "127.0.0.01",
                "127.0.0.0x1",
                "127.0.0.1.",
                "8.8.8.8.",
                "134744072",
                "0x08080808",
                "8.8.2056",
                "010.8.8.8",
                "1.2.3.4.5",
                "worker.1",
                "0x",
            })
    void an_address_has_one_spelling(String host) {
        assertInstanceOf(Rejected.class, judge("https://" + host + "/"), "https");
        assertInstanceOf(Rejected.class, judge("http://" + host + "/"), "http");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.2",
                "0.0.0.0",
                "10.0.0.1",
                "100.64.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "192.168.1.1",
                "255.255.255.255",
                "[::1]",
                "[::]",
                "[::ffff:10.0.0.1]",
                "[::ffff:a9fe:a9fe]",
                "[64:ff9b::7f00:1]",
                "[fe80::1]",
                "[fe80::1%251]",
                "[fe80::1%25nowhere]",
                "[2606:4700::1111%25nowhere]",
                "[fd00:ec2::254]",
            })
    void an_address_that_is_not_public_is_rejected(String host) {
        assertInstanceOf(Rejected.class, judge("https://" + host + "/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://localhost:3000/hook",
                "http://LOCALHOST/",
                "HTTP://LocalHost:3000/",
                "http://127.0.0.1/",
                "http://127.0.0.1:3000/",
                "http://127.0.0.0/",
                "http://127.0.0.255/",
            })
    void the_machine_itself_is_fine_for_development_and_only_then(String url) {
        assertInstanceOf(Fine.class, judge(url), "allowed");
        assertInstanceOf(Rejected.class, destinations(LocalWebhooks.REFUSED).judge(URI.create(url)), "refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://localhost/", "https://LOCALHOST:8443/", "https://localhost./", "https://127.0.0.1/"})
    void https_to_the_machine_itself_is_rejected(String url) {
        assertInstanceOf(Rejected.class, judge(url));
    }

    @Test
    void the_longest_url_has_2048_characters() {
        String url = "https://worker.example/";
        assertInstanceOf(Fine.class, judge(url + "a".repeat(2048 - url.length())));
        assertInstanceOf(Rejected.class, judge(url + "a".repeat(2049 - url.length())));
    }

    @Test
    void a_name_is_judged_by_what_it_leads_to() {
        Destinations destinations = new Destinations(LocalWebhooks.ALLOWED, _ -> addresses("10.0.0.1"));
        assertInstanceOf(Rejected.class, destinations.judge(URI.create("https://worker.example/")));
    }

    @Test
    void one_bad_address_among_good_ones_is_enough() {
        for (String bad : List.of("127.0.0.1", "169.254.169.254", "::1", "fd00::1")) {
            for (List<String> all : List.of(List.of(PUBLIC, bad), List.of(bad, PUBLIC), List.of(PUBLIC, bad, PUBLIC))) {
                Destinations destinations =
                        new Destinations(LocalWebhooks.ALLOWED, _ -> addresses(all.toArray(String[]::new)));
                assertInstanceOf(Rejected.class, destinations.judge(URI.create("https://worker.example/")));
                assertThrows(RefusedAddressException.class, () -> destinations.address("worker.example"));
            }
        }
    }

    @Test
    void localhost_is_the_machine_itself_or_nothing() {
        for (String elsewhere : List.of(PUBLIC, "10.0.0.1", "169.254.169.254")) {
            Destinations destinations = new Destinations(LocalWebhooks.ALLOWED, _ -> addresses("127.0.0.1", elsewhere));
            assertInstanceOf(Rejected.class, destinations.judge(URI.create("http://localhost/")));
        }
    }

    @Test
    void a_name_that_nobody_knows_yet_is_not_held_against_a_url() {
        Destinations destinations = new Destinations(LocalWebhooks.ALLOWED, host -> {
            throw new UnknownHostException(host);
        });
        assertInstanceOf(Fine.class, destinations.judge(URI.create("https://worker.example/")));
        assertThrows(UnknownHostException.class, () -> destinations.address("worker.example"));
    }

    @Test
    void the_machine_itself_is_refused_by_name_too_where_nobody_knows_the_name() {
        Destinations destinations = new Destinations(LocalWebhooks.REFUSED, host -> {
            throw new UnknownHostException(host);
        });
        assertInstanceOf(Rejected.class, destinations.judge(URI.create("http://localhost/")));
    }

    @Test
    void a_name_is_judged_again_for_every_connection() throws UnknownHostException {
        Deque<String> answers = new ArrayDeque<>(List.of(PUBLIC, "127.0.0.1"));
        Destinations destinations = new Destinations(LocalWebhooks.ALLOWED, _ -> addresses(answers.remove()));
        assertEquals(InetAddress.getByName(PUBLIC), destinations.address("worker.example"));
        assertThrows(RefusedAddressException.class, () -> destinations.address("worker.example"));
    }

    @Test
    void one_look_gives_the_address_that_was_judged() throws UnknownHostException {
        List<String> asked = new ArrayList<>();
        Destinations destinations = new Destinations(LocalWebhooks.ALLOWED, host -> {
            asked.add(host);
            return addresses(asked.size() == 1 ? PUBLIC : "127.0.0.1");
        });
        assertEquals(InetAddress.getByName(PUBLIC), destinations.address("worker.example"));
        assertEquals(List.of("worker.example"), asked);
    }

    @Test
    void a_literal_of_version_6_is_asked_for_without_its_brackets() throws UnknownHostException {
        List<String> asked = new ArrayList<>();
        Destinations destinations = new Destinations(LocalWebhooks.ALLOWED, host -> {
            asked.add(host);
            return addresses(host);
        });
        assertEquals(InetAddress.getByName("2606:4700::1111"), destinations.address("[2606:4700::1111]"));
        assertEquals(List.of("2606:4700::1111"), asked);
    }

    private static Verdict judge(String url) {
        return destinations(LocalWebhooks.ALLOWED).judge(URI.create(url));
    }

    /// Literals are what they are, `localhost` is this machine, and every other name is on the internet.
    private static Destinations destinations(LocalWebhooks local) {
        return new Destinations(local, host -> {
            String name = host.toLowerCase(Locale.ROOT);
            if (name.equals("localhost") || name.equals("localhost.")) {
                return addresses("127.0.0.1", "::1");
            }
            return addresses(name.matches("[0-9.]+|.*:.*") ? host : PUBLIC);
        });
    }

    private static List<InetAddress> addresses(String... literals) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            addresses.add(InetAddress.getByName(literal));
        }
        return addresses;
    }
}
