package io.perennial.server;

/// The version that the build gave the module.
final class Version {
    private Version() {}

    static String text() {
        return Version.class.getModule().getDescriptor().rawVersion().orElse("unknown");
    }
}
