package io.perennial.acceptance;

/// Offsets, as a client that knows their grammar sees them.
final class Ulid {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private Ulid() {}

    /// The ULID plus one.
    static String after(String ulid) {
        char[] digits = ulid.toCharArray();
        for (int i = digits.length - 1; i >= 0; i--) {
            int value = DIGITS.indexOf(digits[i]);
            if (value < DIGITS.length() - 1) {
                digits[i] = DIGITS.charAt(value + 1);
                return new String(digits);
            }
            digits[i] = DIGITS.charAt(0);
        }
        throw new IllegalArgumentException("there is none after " + ulid);
    }

    static boolean is(String text) {
        return text.matches("[0-7][" + DIGITS + "]{25}");
    }
}
