package io.perennial.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;

/// The checkout under test, and the runtime image that its build made.
final class Image {
    private static final Path PROJECT = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .normalize()
            .getParent()
            .getParent();
    private static final Path FOLDER = PROJECT.resolve("modules/server/target/image");

    private Image() {}

    /// The image's folder. Fails where it isn't built: the launcher would build it now, which no test should wait for.
    static Path folder() {
        if (!Files.exists(FOLDER.resolve("lib/perennial.aot"))) {
            throw new AssertionError("the image is missing in " + FOLDER + ": bin/build-image or bin/verify makes it");
        }
        return FOLDER;
    }

    /// `bin/perennial` of the checkout, which starts the image.
    static Path launcher() {
        folder();
        return inProject("bin/perennial");
    }

    static Path inProject(String path) {
        return PROJECT.resolve(path);
    }
}
