package dev.conch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The direction rules of docs/architecture.md. */
class ArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.conch");

    /** Room to the rooms it may know. A room's inner packages (chat.jinja, output.stop ...) count as the room, but for engine.triton. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("openai", Set.of()),
            Map.entry("generation", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("chat", Set.of("openai", "generation")),
            Map.entry("tokenizer", Set.of("generation")),
            Map.entry("engine", Set.of("generation")),
            Map.entry("engine.triton", Set.of("engine", "generation")),
            Map.entry("constraint", Set.of("openai", "generation")),
            Map.entry("admission", Set.of("generation")),
            Map.entry("output", Set.of("tokenizer", "generation")),
            Map.entry("model", Set.of("chat", "tokenizer", "output", "generation")),
            Map.entry("response", Set.of("openai", "generation")),
            Map.entry("telemetry", Set.of("openai", "generation")),
            Map.entry(
                    "pipeline",
                    Set.of(
                            "openai",
                            "generation",
                            "chat",
                            "tokenizer",
                            "engine",
                            "engine.triton",
                            "admission",
                            "constraint",
                            "output",
                            "model",
                            "response",
                            "telemetry")),
            Map.entry("http", Set.of("pipeline", "model", "openai", "generation", "telemetry")),
            Map.entry("cli", Set.of("chat", "tokenizer", "openai", "generation")));

    static final List<String> ROOMS = ALLOWED.keySet().stream().sorted().toList();

    @ParameterizedTest
    @FieldSource("ROOMS")
    void knowsOnlyTheRoomsItMay(String room) {
        String[] forbidden = ROOMS.stream()
                .filter(other -> !other.equals(room)
                        && !ALLOWED.getOrDefault(room, Set.of()).contains(other))
                .flatMap(other -> Arrays.stream(packages(other)))
                .toArray(String[]::new);
        noClasses()
                .that(resideInAnyPackage(packages(room)).and(not(inner(room))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(forbidden).and(not(resideInAnyPackage(packages(room)))))
                .check(HOUSE);
    }

    private static String[] packages(String room) {
        return room.equals("engine")
                ? new String[] {"dev.conch.engine"}
                : new String[] {"dev.conch." + room, "dev.conch." + room + ".."};
    }

    /** A room that has a room of its own inside (engine has engine.triton) does not answer for it. */
    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> inner(String room) {
        String[] insides = ROOMS.stream()
                .filter(other -> other.startsWith(room + "."))
                .map(other -> "dev.conch." + other + "..")
                .toArray(String[]::new);
        return resideInAnyPackage(insides);
    }

    @Test
    void everyPackageIsARoomWithASign() {
        Set<String> packages = HOUSE.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.startsWith("dev.conch.proto") && !name.startsWith("dev.conch.sim"))
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : packages) {
            assertThat(HOUSE.contain(name + ".package-info"))
                    .as("package-info of " + name)
                    .isTrue();
            assertThat(name.equals("dev.conch")
                            || ROOMS.stream().anyMatch(room -> name.startsWith("dev.conch." + room)))
                    .as(name + " is a room of the house")
                    .isTrue();
        }
    }

    @Test
    void onlyTheTritonEngineSpeaksGrpc() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.conch.engine.triton", "dev.conch.proto..", "dev.conch.sim..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "dev.conch.proto..")
                .check(HOUSE);
    }

    @Test
    void onlyThreeRoomsAndTheWiringKnowNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.conch",
                        "dev.conch.http..",
                        "dev.conch.response",
                        "dev.conch.engine.triton",
                        "dev.conch.proto..",
                        "dev.conch.sim..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..")
                .check(HOUSE);
    }

    @Test
    void onlyTwoRoomsKnowHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.conch", "dev.conch.http..", "dev.conch.response")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micronaut.http..")
                .check(HOUSE);
    }

    @Test
    void hasNoCycles() {
        slices().matching("dev.conch.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void namesNoClassAfterItsLackOfAPurpose() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Common)")
                .check(HOUSE);
    }

    @Test
    void takesTheTimeFromTheInjectedClock() {
        noClasses()
                .that()
                .resideInAPackage("dev.conch..")
                .and()
                .resideOutsideOfPackage("dev.conch.sim..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(HOUSE);
    }

    @Test
    void keepsWireTypesFreeOfBehaviour() {
        classes()
                .that()
                .resideInAPackage("dev.conch.openai")
                .and()
                .doNotHaveSimpleName("package-info")
                .and(not(new GeneratedClass()))
                .should()
                .beRecords()
                .orShould()
                .beEnums()
                .orShould()
                .beInterfaces()
                .check(HOUSE);
    }

    private static final class GeneratedClass extends com.tngtech.archunit.base.DescribedPredicate<JavaClass> {
        GeneratedClass() {
            super("made by an annotation processor");
        }

        @Override
        public boolean test(JavaClass type) {
            return type.getSimpleName().contains("$")
                    || type.getSimpleName().matches("Serde\\w+(Des|S)erializer")
                    || type.getName().contains("$Introspection")
                    || type.getModifiers().contains(JavaModifier.SYNTHETIC);
        }
    }
}
