package dev.conch.chat;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.Conversation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The variables that clients may set for a model's template: those on the operator's list, and never what the server itself, the template
 * language or {@code apply_chat_template} gives a meaning to. Thread-safe.
 */
final class TemplateVariables {
    private static final String PARAMETER = "chat_template_kwargs";
    private static final int MAX_ECHO_CHARS = 100;

    private static final Set<String> RESERVED = Set.of(
            // what the prompt is made of
            "messages",
            "tools",
            "documents",
            "add_generation_prompt",
            "continue_final_message",
            "chat_template",
            // the model's special tokens
            "bos_token",
            "eos_token",
            "unk_token",
            "sep_token",
            "pad_token",
            "cls_token",
            "mask_token",
            "additional_special_tokens",
            // what Jinja and transformers define in every template
            "caller",
            "cycler",
            "dict",
            "joiner",
            "kwargs",
            "lipsum",
            "loop",
            "namespace",
            "raise_exception",
            "range",
            "self",
            "strftime_now",
            "varargs",
            // further arguments of apply_chat_template and of what it calls
            "chat_template_kwargs",
            "conversation",
            "conversations",
            "max_length",
            "padding",
            "return_assistant_tokens_mask",
            "return_dict",
            "return_tensors",
            "sanitize_control_tokens",
            "tokenize",
            "tokenizer_kwargs",
            "truncation");

    private final Set<String> allowed;

    /** @throws IllegalArgumentException if a name on the list is reserved; for the operator */
    TemplateVariables(Set<String> allowed) {
        var reserved = new TreeSet<>(allowed);
        reserved.retainAll(RESERVED);
        if (!reserved.isEmpty()) {
            throw new IllegalArgumentException("chat-template-kwargs: " + String.join(", ", reserved)
                    + " (expected: names that mean nothing to the server)");
        }
        this.allowed = allowed;
    }

    /**
     * The variables for a rendering, marked as the client's: those of {@code chat_template_kwargs}, and parameters of the request that are
     * variables too.
     *
     * @throws GenerationException {@code UNSUPPORTED_PARAMETER} naming a variable that may not be set, or that the template would ignore
     */
    Map<String, @Nullable Object> of(Conversation conversation, ChatTemplate template) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        conversation.templateVariables().forEach((name, value) -> {
            require(name, PARAMETER + "." + shortened(name), template);
            variables.put(name, ClientValues.marked(value));
        });
        conversation.requestVariables().forEach((name, value) -> {
            require(name, name, template);
            variables.put(name, ClientValues.marked(value));
        });
        return variables;
    }

    /** What of the allowed variables a template has. */
    Set<String> shownBy(ChatTemplate template) {
        return allowed.stream().filter(template::mentions).collect(Collectors.toUnmodifiableSet());
    }

    private void require(String name, String path, ChatTemplate template) {
        if (RESERVED.contains(name)) {
            throw refused(path, "the name is reserved");
        }
        if (!allowed.contains(name)) {
            throw refused(path, "expected " + (allowed.isEmpty() ? "nothing: this model takes none" : oneOf()));
        }
        if (!template.mentions(name)) {
            throw refused(path, "the chat template has no such variable");
        }
    }

    private static String shortened(String name) {
        return name.length() <= MAX_ECHO_CHARS ? name : name.substring(0, MAX_ECHO_CHARS);
    }

    private static GenerationException refused(String path, String reason) {
        return new GenerationException(
                ErrorCode.UNSUPPORTED_PARAMETER, "Unsupported parameter: '%s' (%s).".formatted(path, reason), path);
    }

    private String oneOf() {
        return "one of '" + String.join("', '", new TreeSet<>(allowed)) + "'";
    }
}
