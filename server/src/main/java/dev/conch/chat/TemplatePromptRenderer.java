package dev.conch.chat;

import dev.conch.chat.jinja.RenderLimits;
import dev.conch.chat.jinja.TemplateLimitException;
import dev.conch.chat.jinja.TemplateSyntaxException;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.Conversation;
import dev.conch.openai.Tool;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Renders with a model's own chat templates, from the variables that {@code apply_chat_template} of {@code transformers} gives them. Of
 * several templates the one called {@code tool_use} is taken when there are tools, {@code rag} when there are documents and no tools (as
 * Cohere's models name it; {@code transformers} asks its caller to choose that one), else {@code default}.
 *
 * <p>A template that a client brings, where the operator allows it, is compiled for that one request and may do less than the model's own.
 *
 * <p>Thread-safe.
 */
public final class TemplatePromptRenderer implements PromptRenderer {
    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";
    private static final String RAG = "rag";
    private static final String CHAT_TEMPLATE = "chat_template";
    /** Four times the longest that was seen. */
    private static final int MAX_CLIENT_TEMPLATE_CHARS = 128 << 10;

    private static final RenderLimits CLIENT_LIMITS =
            new RenderLimits(300_000, 4 << 20, 16 << 20, 50_000, 100, Duration.ofMillis(200));

    private final Map<String, Prepared> templates = new LinkedHashMap<>();
    private final Map<String, ?> specialTokens;
    private final TemplateVariables variables;
    private final TemplatePolicy policy;
    private final Clock clock;

    /** A template, and what it takes. */
    private record Prepared(
            ChatTemplate template, TemplateMessages messages, RenderLimits limits, TemplateFailures failures) {}

    /**
     * Compiles a model's templates.
     *
     * @param templates by name; {@code default} is one of them
     * @param specialTokens by the names that templates use, such as {@code bos_token}; what is absent is undefined
     * @param clock what the template's {@code strftime_now} reads
     * @throws TemplateSyntaxException if a template cannot be compiled; the message is for the operator
     * @throws IllegalArgumentException if clients were allowed to set a variable that belongs to the server
     */
    public TemplatePromptRenderer(
            Map<String, String> templates, Map<String, ?> specialTokens, TemplatePolicy policy, Clock clock) {
        this.specialTokens = Map.copyOf(specialTokens);
        this.policy = policy;
        this.clock = clock;
        variables = new TemplateVariables(policy);
        templates.forEach((name, source) -> this.templates.put(name, prepared(source)));
    }

    /** A model with one template, and nothing for its clients to decide. */
    public TemplatePromptRenderer(String template, Map<String, ?> specialTokens, Clock clock) {
        this(Map.of(DEFAULT, template), specialTokens, TemplatePolicy.DEFAULT, clock);
    }

    private Prepared prepared(String source) {
        ChatTemplate template = ChatTemplate.compile(source, specialTokens);
        ContentSupport support = ContentSupport.of(policy.contentFormat(), template, clock);
        return new Prepared(template, messages(template, support), RenderLimits.DEFAULT, TemplateFailures.OF_THE_MODEL);
    }

    private Prepared preparedOfTheClient(String source) {
        ChatTemplate template = ChatTemplate.compile(source, specialTokens);
        ContentSupport support = ContentSupport.ofClients(policy.contentFormat(), template, CLIENT_LIMITS, clock);
        return new Prepared(template, messages(template, support), CLIENT_LIMITS, TemplateFailures.OF_THE_CLIENT);
    }

    private static TemplateMessages messages(ChatTemplate template, ContentSupport support) {
        return new TemplateMessages(support, template.containsString(Role.DEVELOPER.wireName()));
    }

    @Override
    public RenderedPrompt render(Conversation conversation) {
        Prepared prepared = choose(conversation);
        TemplateInput input = input(conversation, prepared);
        try {
            return prepared.template.apply(input, prepared.limits, clock);
        } catch (RuntimeException e) {
            throw prepared.failures.told(e);
        }
    }

    @Override
    public PromptFeatures features() {
        ChatTemplate template = named(DEFAULT).template;
        return new PromptFeatures(
                variables.shownBy(template),
                TemplateVariables.parametersOf(template),
                templates.containsKey(TOOL_USE) || template.mentions("tools"),
                templates.containsKey(RAG) || template.mentions("documents"),
                policy.clientTemplates());
    }

    private Prepared named(String name) {
        return Objects.requireNonNull(templates.get(name), name);
    }

    private Prepared choose(Conversation conversation) {
        if (conversation.chatTemplate() != null) {
            return brought(conversation.chatTemplate());
        }
        Prepared special = null;
        if (!conversation.tools().isEmpty()) {
            special = templates.get(TOOL_USE);
        } else if (!conversation.documents().isEmpty()) {
            special = templates.get(RAG);
        }
        return special == null ? named(DEFAULT) : special;
    }

    private Prepared brought(String source) {
        if (!policy.clientTemplates()) {
            throw new GenerationException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "Unsupported parameter: 'chat_template' is not allowed for this model; its own template is used.",
                    CHAT_TEMPLATE);
        }
        if (source.length() > MAX_CLIENT_TEMPLATE_CHARS) {
            throw new GenerationException(
                    ErrorCode.STRING_ABOVE_MAX_LENGTH,
                    "Invalid 'chat_template': string too long. Expected at most %d characters, but got %d."
                            .formatted(MAX_CLIENT_TEMPLATE_CHARS, source.length()),
                    CHAT_TEMPLATE);
        }
        try {
            return preparedOfTheClient(source);
        } catch (TemplateSyntaxException | TemplateLimitException e) {
            throw TemplateFailures.OF_THE_CLIENT.told(e);
        }
    }

    private TemplateInput input(Conversation conversation, Prepared prepared) {
        ChatTemplate template = prepared.template;
        return new TemplateInput(
                conversation.messages().stream().map(prepared.messages::of).toList(),
                shown(
                        "tools",
                        conversation.tools().stream().map(Tool::definition).toList(),
                        template),
                shown("documents", conversation.documents(), template),
                variables.of(conversation, template),
                conversation.addGenerationPrompt(),
                conversation.continueFinalMessage());
    }

    /** What the template would not show the model is refused rather than lost. */
    private static @Nullable List<?> shown(String name, List<?> values, ChatTemplate template) {
        if (values.isEmpty()) {
            return null;
        }
        if (!template.mentions(name)) {
            throw new GenerationException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "Unsupported parameter: '%s' (the model's chat template takes none).".formatted(name),
                    name);
        }
        return ClientValues.marked(values);
    }
}
