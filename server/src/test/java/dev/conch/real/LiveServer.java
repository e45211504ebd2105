package dev.conch.real;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands one {@link RealTriton} and the {@link RealConch} in front of it to all tests that do nothing but ask them. They start when the
 * first test wants them and end with the last.
 */
final class LiveServer implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RealTriton.class || type == RealConch.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Parts parts = context.getRoot()
                .getStore(Namespace.create(LiveServer.class))
                .computeIfAbsent(Parts.class, key -> Parts.start(), Parts.class);
        return parameter.getParameter().getType() == RealTriton.class ? parts.triton : parts.conch;
    }

    /** JUnit closes it. */
    private record Parts(RealTriton triton, RealConch conch) implements AutoCloseable {

        static Parts start() {
            var triton = new RealTriton();
            return new Parts(triton, new RealConch(triton));
        }

        @Override
        public void close() {
            conch.close();
            triton.close();
        }
    }
}
