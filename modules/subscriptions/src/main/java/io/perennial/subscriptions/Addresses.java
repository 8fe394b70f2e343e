package io.perennial.subscriptions;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/// Which addresses are on the public internet. Everything else, the machine itself, its network, and what is reserved,
/// is none of a webhook's business: `169.254.169.254` gives a cloud's credentials to whoever asks.
final class Addresses {
    // The special-purpose registries of IANA (RFC 6890), multicast and the reserved rest.
    private static final List<Block> NOT_PUBLIC_4 = List.of(
            Block.of(0, 0, 0, 0, 8),
            Block.of(10, 0, 0, 0, 8),
            Block.of(100, 64, 0, 0, 10),
            Block.of(127, 0, 0, 0, 8),
            Block.of(169, 254, 0, 0, 16),
            Block.of(172, 16, 0, 0, 12),
            Block.of(192, 0, 0, 0, 24),
            Block.of(192, 0, 2, 0, 24),
            Block.of(192, 88, 99, 0, 24),
            Block.of(192, 168, 0, 0, 16),
            Block.of(198, 18, 0, 0, 15),
            Block.of(198, 51, 100, 0, 24),
            Block.of(203, 0, 113, 0, 24),
            Block.of(224, 0, 0, 0, 3));

    private Addresses() {}

    static boolean isPublic(InetAddress address) {
        return switch (address) {
            case Inet4Address four -> isPublic4(four.getAddress());
            case Inet6Address six -> isPublic6(six.getAddress());
            default -> false;
        };
    }

    private static boolean isPublic4(byte[] address) {
        return NOT_PUBLIC_4.stream().noneMatch(block -> block.holds(number(address)));
    }

    /// Of what is assigned to the internet (2000::/3), what isn't a way into a network of the other kind: Teredo with
    /// the rest of 2001::/23, and 6to4, have IPv4 addresses inside. So have mapped and translated ones, which lie
    /// elsewhere.
    private static boolean isPublic6(byte[] address) {
        int first = number(address) >>> 16;
        int second = number(address) & 0xffff;
        boolean isGlobal = first >>> 13 == 1;
        boolean isProtocol = first == 0x2001 && second < 0x200;
        boolean isDocumentation = (first == 0x2001 && second == 0xdb8) || (first == 0x3fff && second < 0x1000);
        boolean is6to4 = first == 0x2002;
        return isGlobal && !isProtocol && !isDocumentation && !is6to4;
    }

    /// The first four bytes.
    private static int number(byte[] address) {
        return ByteBuffer.wrap(address).getInt();
    }

    /// @param bits how many of the leading ones count, 1 or more
    private record Block(int base, int bits) {
        static Block of(int a, int b, int c, int d, int bits) {
            return new Block(a << 24 | b << 16 | c << 8 | d, bits);
        }

        boolean holds(int address) {
            return (address ^ base) >>> (32 - bits) == 0;
        }
    }
}
