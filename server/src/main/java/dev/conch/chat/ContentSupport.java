package dev.conch.chat;

import dev.conch.chat.jinja.RenderLimits;
import dev.conch.chat.jinja.TemplateLimitException;
import dev.conch.openai.ChatMessage.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * In which forms a template takes the content of a message: as a string, as a list of parts, or both.
 *
 * <p>There is no telling from the outside, and it may differ from role to role. vLLM looks in the template's syntax tree for a loop over
 * the content, which misses loops in macros and takes a template that loops over the user's parts to do so with the system's too. Here a
 * few small conversations are rendered in either form when the template is compiled, and what matters is whether the words come out: all of
 * them, and not as the Python or JSON notation of a list.
 *
 * @param texts roles whose content may be a string
 * @param parts roles whose content may be a list of parts
 * @param needsContent whether the template fails on an assistant's message that has tool calls and no content
 */
record ContentSupport(Set<Role> texts, Set<Role> parts, boolean needsContent) {
    /** Enough for three messages; a template that does more with them counts as one that does not take them. */
    private static final RenderLimits LIMITS =
            new RenderLimits(20_000, 1 << 20, 1 << 20, 10_000, 100, Duration.ofSeconds(1));

    /** Finds out what a model's template takes. */
    static ContentSupport of(ContentFormat format, ChatTemplate template, Clock clock) {
        return of(format, new ContentProbe(template, LIMITS, false, clock));
    }

    /**
     * Finds out what a client's template takes.
     *
     * @throws TemplateLimitException at the first limit that it reaches: it is not asked again
     */
    static ContentSupport ofClients(ContentFormat format, ChatTemplate template, RenderLimits limits, Clock clock) {
        return of(format, new ContentProbe(template, limits, true, clock));
    }

    private static ContentSupport of(ContentFormat format, ContentProbe probe) {
        Set<Role> all = EnumSet.allOf(Role.class);
        Set<Role> none = EnumSet.noneOf(Role.class);
        return switch (format) {
            case STRING -> new ContentSupport(all, none, probe.needsContent());
            case OPENAI -> new ContentSupport(none, all, probe.needsContent());
            case AUTO ->
                new ContentSupport(
                        probe.roles(ContentProbe::rendersText),
                        probe.roles(ContentProbe::rendersParts),
                        probe.needsContent());
        };
    }

    /** Whether to hand over this many parts as a list. A role that takes neither form is treated as the user is. */
    boolean asList(Role role, int count) {
        Role known = texts.contains(role) || parts.contains(role) ? role : Role.USER;
        return parts.contains(known) && (count > 1 || !texts.contains(known));
    }
}
