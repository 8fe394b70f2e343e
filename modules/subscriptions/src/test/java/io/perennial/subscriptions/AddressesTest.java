package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    /// The first and the last of each block, and their neighbours outside of it; `-` where a neighbour lies in the next
    /// block, or there is none.
    @ParameterizedTest
    @CsvSource({
        "-, 0.0.0.0, 0.255.255.255, 1.0.0.0",
        "9.255.255.255, 10.0.0.0, 10.255.255.255, 11.0.0.0",
        "100.63.255.255, 100.64.0.0, 100.127.255.255, 100.128.0.0",
        "126.255.255.255, 127.0.0.0, 127.255.255.255, 128.0.0.0",
        "169.253.255.255, 169.254.0.0, 169.254.255.255, 169.255.0.0",
        "172.15.255.255, 172.16.0.0, 172.31.255.255, 172.32.0.0",
        "191.255.255.255, 192.0.0.0, 192.0.0.255, 192.0.1.0",
        "192.0.1.255, 192.0.2.0, 192.0.2.255, 192.0.3.0",
        "192.88.98.255, 192.88.99.0, 192.88.99.255, 192.88.100.0",
        "192.167.255.255, 192.168.0.0, 192.168.255.255, 192.169.0.0",
        "198.17.255.255, 198.18.0.0, 198.19.255.255, 198.20.0.0",
        "198.51.99.255, 198.51.100.0, 198.51.100.255, 198.51.101.0",
        "203.0.112.255, 203.0.113.0, 203.0.113.255, 203.0.114.0",
        "223.255.255.255, 224.0.0.0, 239.255.255.255, -",
        "-, 240.0.0.0, 255.255.255.255, -",
    })
    void a_block_of_version_4_is_forbidden_from_its_first_to_its_last(
            String before, String first, String last, String after) throws Exception {
        assertFalse(isPublic(first), first);
        assertFalse(isPublic(last), last);
        assertTrue(before.equals("-") || isPublic(before), before);
        assertTrue(after.equals("-") || isPublic(after), after);
    }

    @ParameterizedTest
    @CsvSource({
        "-, 2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:200::",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
        "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2003::",
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:1000::",
        "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 4000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
        "-, ::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2000::",
    })
    void a_block_of_version_6_is_forbidden_from_its_first_to_its_last(
            String before, String first, String last, String after) throws Exception {
        assertFalse(isPublic(first), first);
        assertFalse(isPublic(last), last);
        assertTrue(before.equals("-") || isPublic(before), before);
        assertTrue(after.equals("-") || isPublic(after), after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::", // unspecified
                "::1",
                "::7f00:1", // IPv4-compatible
                "::5db8:d822",
                "64:ff9b::7f00:1", // NAT64
                "64:ff9b::808:808",
                "64:ff9b:1::a00:1", // NAT64 of a network's own
                "100::1", // discard
                "2001::1", // Teredo
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:2::1", // benchmarking
                "2001:10::1", // ORCHID
                "2001:20::1",
                "2002:7f00:1::", // 6to4
                "2002:a9fe:a9fe::1",
                "5f00::1", // segment routing
                "fc00::1", // unique local
                "fd00:ec2::254", // a cloud's metadata
                "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fe80::1", // link-local
                "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "fec0::1", // site-local
                "feff::1",
                "ff02::1", // multicast
                "ff0e::1",
            })
    void every_special_purpose_of_version_6_is_forbidden(String address) throws Exception {
        assertFalse(isPublic(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"8.8.8.8", "1.1.1.1", "93.184.216.34", "2001:4860:4860::8888", "2606:4700::1111", "2a00::1"})
    void what_is_on_the_public_internet_is_public(String address) throws Exception {
        assertTrue(isPublic(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "169.254.169.254", "8.8.8.8"})
    void an_address_mapped_to_version_6_is_judged_as_what_it_is(String four) throws Exception {
        assertEquals(isPublic(four), isPublic("::ffff:" + four));
    }

    @Test
    void a_mapped_address_that_stays_one_of_version_6_is_forbidden() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 8;
        mapped[15] = 8;
        assertFalse(Addresses.isPublic(Inet6Address.getByAddress("mapped", mapped, 0)));
    }

    private static boolean isPublic(String literal) throws UnknownHostException {
        return Addresses.isPublic(InetAddress.getByName(literal));
    }
}
