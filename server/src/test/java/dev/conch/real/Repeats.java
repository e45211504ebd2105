package dev.conch.real;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** A test whose outcome is drawn by lot: it is made {@code CONCH_REPEATS} times, 10 if nothing is said, as in the SDKs' scripts. */
@TestTemplate
@ExtendWith(Repeats.Lots.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Repeats {
    String VARIABLE = "CONCH_REPEATS";

    int COUNT = Integer.parseInt(System.getenv().getOrDefault(VARIABLE, "10"));

    /** One time. */
    record Lot(int number) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocationIndex) {
            return number + " of " + COUNT;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of();
        }
    }

    /** All of them. */
    final class Lots implements TestTemplateInvocationContextProvider {
        @Override
        public boolean supportsTestTemplate(ExtensionContext context) {
            return true;
        }

        @Override
        public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
            return IntStream.rangeClosed(1, COUNT).mapToObj(Lot::new);
        }
    }
}
