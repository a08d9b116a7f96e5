package chat.parley.e2e.points.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts fault points into the methods of a service as they are loaded. Its argument is {@code <folder>;<points>}: where
 * points are armed, and which there are, as {@link Place#parse} reads them, by comma. For each one that is in place the
 * file {@code <point>.there} appears.
 */
public final class Agent implements ClassFileTransformer {
    private static final ClassDesc FAULT_POINT = ClassDesc.of("chat.parley.e2e.points.agent.FaultPoint");
    private static final MethodTypeDesc REACHED =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String, ConstantDescs.CD_Object);

    private final Path folder;
    private final List<Place> places;

    Agent(Path folder, List<Place> places) {
        this.folder = folder;
        this.places = places;
    }

    /** Called by the JVM before the service's own {@code main}. */
    public static void premain(String argument, Instrumentation instrumentation) {
        String[] parts = argument.split(";", 2);
        Path folder = Path.of(parts[0]);
        FaultPoint.watch(folder);
        List<Place> places =
                List.of(parts[1].split(",")).stream().map(Place::parse).toList();
        instrumentation.addTransformer(new Agent(folder, places));
    }

    /** Null leaves a class as it is. */
    @Override
    @SuppressWarnings("NullAway") // what a transformer returns may be null
    public byte[] transform(
            ClassLoader loader, String className, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
        List<Place> here = places.stream()
                .filter(place -> place.className().equals(className))
                .toList();
        if (here.isEmpty()) {
            return null;
        }
        byte[] changed = bytes;
        for (Place place : here) {
            changed = put(place, changed);
        }
        return changed;
    }

    private byte[] put(Place place, byte[] bytes) {
        ClassFile classFile = ClassFile.of();
        ClassModel model = classFile.parse(bytes);
        return classFile.transformClass(
                model,
                ClassTransform.transformingMethodBodies(
                        method -> place.isAt(method) && there(place), new Insertion(place, model)));
    }

    private boolean there(Place place) {
        try {
            Files.writeString(folder.resolve(place.point() + ".there"), "");
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls {@link FaultPoint#reached} with the method's first argument, or without one. */
    private static final class Insertion implements CodeTransform {
        private final Place place;
        private final @Nullable MethodModel method; // null where the class has none: then nothing is changed either

        Insertion(Place place, ClassModel model) {
            this.place = place;
            this.method =
                    model.methods().stream().filter(place::isAt).findFirst().orElse(null);
        }

        @Override
        public void atStart(CodeBuilder code) {
            if (place.before()) {
                call(code);
            }
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (!place.before() && element instanceof ReturnInstruction) {
                call(code);
            }
            code.with(element);
        }

        private void call(CodeBuilder code) {
            MethodModel into = Objects.requireNonNull(method);
            List<ClassDesc> parameters = into.methodTypeSymbol().parameterList();
            code.loadConstant(place.point());
            if (parameters.isEmpty() || parameters.getFirst().isPrimitive()) {
                code.loadConstant(place.point());
            } else {
                code.aload(into.flags().has(AccessFlag.STATIC) ? 0 : 1);
            }
            code.invokestatic(FAULT_POINT, "reached", REACHED);
        }
    }
}
