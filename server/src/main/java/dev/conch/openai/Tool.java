package dev.conch.openai;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function that the model may call ({@code ChatCompletionTool}).
 *
 * @param definition the whole object as the client sent it, its keys in their order: templates print it. Plain values: null, Boolean,
 *     String, Long, BigInteger, Double, List, Map
 */
public record Tool(Map<String, ? extends @Nullable Object> definition) {}
