package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.openapitools.codegen.DefaultGenerator;
import org.openapitools.codegen.config.CodegenConfigurator;

/// A client that a generator made of the document.
///
/// @param folder with its sources
record GeneratedClient(Path folder) {
    // Of the annotations that the generated Java uses this one is in none of the jars that come with the generator.
    private static final String GENERATED = """
            package javax.annotation;

            public @interface Generated {
                String[] value();
                String date() default "";
                String comments() default "";
            }
            """;

    /// Makes one; fails where the generator doesn't take the document as valid.
    ///
    /// @param generator its name, and behind a slash its library, where there is a choice
    static GeneratedClient of(Path document, String generator, Path folder) {
        CodegenConfigurator configurator = new CodegenConfigurator()
                .setInputSpec(document.toString())
                .setOutputDir(folder.toString())
                // Whose type would be in a jar of its own.
                .addAdditionalProperty("openApiNullable", "false");
        int slash = generator.indexOf('/');
        if (slash < 0) {
            configurator.setGeneratorName(generator);
        } else {
            configurator.setGeneratorName(generator.substring(0, slash)).setLibrary(generator.substring(slash + 1));
        }
        new DefaultGenerator().opts(configurator.toClientOptInput()).generate();
        return new GeneratedClient(folder);
    }

    /// All of its sources of one kind.
    String sources(String ending) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files(folder, ending)) {
            text.append(Files.readString(file));
        }
        return text.toString();
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(path -> path.toString().endsWith(ending)).toList();
        }
    }

    /// Compiles it together with a class of a static method `use`, and calls that.
    String use(String name, String source, String argument) throws Exception {
        Path sources = folder.resolve("src/main/java");
        Files.createDirectories(sources.resolve("javax/annotation"));
        Files.writeString(sources.resolve("javax/annotation/Generated.java"), GENERATED);
        Files.writeString(sources.resolve(name + ".java"), source);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean isCompiled = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("-proc:none", "-d", classes.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(files(sources, ".java")))
                    .call();
            assertTrue(isCompiled, said.toString());
        }
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            return (String)
                    loader.loadClass(name).getMethod("use", String.class).invoke(null, argument);
        }
    }
}
