import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Brings the class files of jars to a version that the AOT cache takes: those from before Java 6 have no stack maps
/// (JVMS 4.10.2), so that the JVM loads and checks them anew at each start. They get some; what they do stays the same.
class Renew {
    private static final ClassTransform RENEWED = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
            .andThen((renewed, element) -> {
                if (element instanceof ClassFileVersion) {
                    renewed.withVersion(ClassFile.JAVA_8_VERSION, 0);
                } else {
                    renewed.with(element);
                }
            });

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            try (FileSystem files = FileSystems.newFileSystem(Path.of(jar))) {
                renew(files.getPath("/"));
            }
        }
    }

    private static void renew(Path root) throws IOException {
        ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(type -> open(root, type))
                .orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile classes = ClassFile.of(
                ConstantPoolSharingOption.NEW_POOL,
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassHierarchyResolverOption.of(hierarchy));
        for (Path file : classFiles(root)) {
            ClassModel old = classes.parse(Files.readAllBytes(file));
            if (old.majorVersion() < ClassFile.JAVA_6_VERSION) {
                byte[] renewed = classes.transformClass(old, RENEWED);
                List<VerifyError> errors = classes.verify(renewed);
                if (!errors.isEmpty()) {
                    throw new IOException(file + " can't be renewed: " + errors.getFirst());
                }
                Files.write(file, renewed);
            }
        }
    }

    private static List<Path> classFiles(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    private static InputStream open(Path root, ClassDesc type) {
        Path file = root.resolve(type.packageName().replace('.', '/')).resolve(type.displayName() + ".class");
        try {
            return Files.exists(file) ? Files.newInputStream(file) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
