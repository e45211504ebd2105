package dev.conch.output.toolcall;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function that the model may call, as far as its calls have to be read and constrained.
 *
 * @param parameters JSON Schema of the arguments object as plain values; empty: any object
 * @param strict whether the client wants arguments that conform to the schema without fail
 */
public record FunctionSignature(String name, Map<String, ? extends @Nullable Object> parameters, boolean strict) {}
