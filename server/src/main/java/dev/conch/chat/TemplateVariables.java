package dev.conch.chat;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.Conversation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The variables that clients may set for a model's template: those on the operator's list, the switch of a model that reasons, and never
 * what the server itself, the template language or {@code apply_chat_template} gives a meaning to. Thread-safe.
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

    /** Parameters of a request that a template may have a variable for. */
    private static final List<String> PARAMETERS = List.of(ReasoningEffort.NAME, "verbosity");

    private static final String DEFAULT_VERBOSITY = "medium";

    private final Set<String> allowed;
    private final boolean reasons;

    /**
     * The variables of one model.
     *
     * @throws IllegalArgumentException if a name on the operator's list is reserved; for the operator
     */
    TemplateVariables(TemplatePolicy policy) {
        var reserved = new TreeSet<>(policy.variables());
        reserved.retainAll(RESERVED);
        if (!reserved.isEmpty()) {
            throw new IllegalArgumentException("chat-template-kwargs: " + String.join(", ", reserved)
                    + " (expected: names that mean nothing to the server)");
        }
        allowed = policy.variables();
        reasons = policy.reasons();
    }

    /**
     * The variables for a rendering, marked as the client's: those of {@code chat_template_kwargs}, and what parameters of the request
     * are to the template.
     *
     * @throws GenerationException {@code UNSUPPORTED_PARAMETER} naming a variable that may not be set, or one or a parameter that the
     *     template would ignore; {@code INVALID_TYPE} if a switch is no boolean; {@code INVALID_VALUE} if a parameter contradicts a variable
     */
    Map<String, @Nullable Object> of(Conversation conversation, ChatTemplate template) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        conversation.templateVariables().forEach((name, value) -> {
            require(name, value, PARAMETER + "." + shortened(name), template);
            variables.put(name, value);
        });
        conversation.requestVariables().forEach((name, value) -> set(name, value, template, variables));
        variables.replaceAll((_, value) -> ClientValues.marked(value));
        return variables;
    }

    /** What a client may set of a template's variables. */
    Set<String> shownBy(ChatTemplate template) {
        return settable(template).stream().filter(template::mentions).collect(Collectors.toUnmodifiableSet());
    }

    /** The parameters of a request that a template obeys. */
    static Set<String> parametersOf(ChatTemplate template) {
        return PARAMETERS.stream()
                .filter(name -> !variables(name, "", template).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Those on the list, and the template's own switches if the model reasons. */
    private Set<String> settable(ChatTemplate template) {
        var names = new TreeSet<>(allowed);
        if (reasons) {
            names.addAll(ReasoningEffort.switchesOf(template));
        }
        return names;
    }

    private void require(String name, @Nullable Object value, String path, ChatTemplate template) {
        if (RESERVED.contains(name)) {
            throw refused(path, "the name is reserved");
        }
        Set<String> settable = settable(template);
        if (!settable.contains(name)) {
            throw refused(
                    path, "expected " + (settable.isEmpty() ? "nothing: this model takes none" : oneOf(settable)));
        }
        if (!template.mentions(name)) {
            throw refused(path, "the chat template has no such variable");
        }
        if (!allowed.contains(name) && !(value instanceof Boolean)) {
            throw new GenerationException(
                    ErrorCode.INVALID_TYPE, "Invalid type for '%s': expected a boolean.".formatted(path), path);
        }
    }

    private void set(String parameter, String value, ChatTemplate template, Map<String, @Nullable Object> variables) {
        Map<String, Object> own = variables(parameter, value, template);
        if (own.isEmpty() && !isSoAnyway(parameter, value)) {
            throw refused(parameter, "the chat template has no variable for it");
        }
        own.forEach((name, said) -> {
            if (variables.containsKey(name) && !said.equals(variables.get(name))) {
                throw new GenerationException(
                        ErrorCode.INVALID_VALUE,
                        "Invalid '%s': it contradicts '%s.%s'.".formatted(parameter, PARAMETER, name),
                        parameter);
            }
            variables.put(name, said);
        });
    }

    /** OpenAI's own default of {@code verbosity}; and who cannot reason does not. */
    private boolean isSoAnyway(String parameter, String value) {
        return parameter.equals(ReasoningEffort.NAME)
                ? !reasons && value.equals(ReasoningEffort.NONE)
                : value.equals(DEFAULT_VERBOSITY);
    }

    private static Map<String, Object> variables(String parameter, String value, ChatTemplate template) {
        if (parameter.equals(ReasoningEffort.NAME)) {
            return ReasoningEffort.variables(value, template);
        }
        return template.mentions(parameter) ? Map.of(parameter, value) : Map.of();
    }

    private static String shortened(String name) {
        return name.length() <= MAX_ECHO_CHARS ? name : name.substring(0, MAX_ECHO_CHARS);
    }

    private static GenerationException refused(String path, String reason) {
        return new GenerationException(
                ErrorCode.UNSUPPORTED_PARAMETER, "Unsupported parameter: '%s' (%s).".formatted(path, reason), path);
    }

    private static String oneOf(Set<String> names) {
        return "one of '" + String.join("', '", names) + "'";
    }
}
