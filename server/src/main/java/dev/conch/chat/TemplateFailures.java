package dev.conch.chat;

import dev.conch.chat.jinja.TemplateException;
import dev.conch.chat.jinja.TemplateLimitException;
import dev.conch.chat.jinja.TemplateRefusedException;
import dev.conch.chat.jinja.TemplateSyntaxException;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;

/** What a client is told when a template does not render, by whose template it is. */
enum TemplateFailures {
    OF_THE_MODEL {
        @Override
        GenerationException limit(TemplateLimitException e) {
            return new GenerationException(
                    ErrorCode.INVALID_MESSAGES,
                    "The messages are too many or too long for the model's chat template (its limit: " + e.limit()
                            + ").",
                    MESSAGES,
                    e);
        }

        @Override
        GenerationException fault(RuntimeException e) {
            return new GenerationException(
                    ErrorCode.TEMPLATE_ERROR, "The model's chat template failed on these messages.", null, e);
        }
    },

    OF_THE_CLIENT {
        @Override
        GenerationException limit(TemplateLimitException e) {
            return fault(e);
        }

        @Override
        GenerationException fault(RuntimeException e) {
            return new GenerationException(
                    ErrorCode.INVALID_VALUE, "Invalid 'chat_template': " + shortened(e) + ".", "chat_template", e);
        }
    };

    private static final String MESSAGES = "messages";
    private static final int MAX_ECHO_CHARS = 100;

    abstract GenerationException limit(TemplateLimitException e);

    abstract GenerationException fault(RuntimeException e);

    /** The failure of a rendering for the client; a fault of this server comes back as it is. */
    RuntimeException told(RuntimeException failure) {
        return switch (failure) {
            case TemplateRefusedException e ->
                new GenerationException(ErrorCode.INVALID_MESSAGES, String.valueOf(e.getMessage()), MESSAGES);
            case ContinuationException e ->
                new GenerationException(
                        ErrorCode.INVALID_MESSAGES, String.valueOf(e.getMessage()), "continue_final_message");
            case TemplateLimitException e -> limit(e);
            case TemplateException e -> fault(e);
            case TemplateSyntaxException e -> fault(e);
            default -> failure;
        };
    }

    private static String shortened(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return message.length() <= MAX_ECHO_CHARS ? message : message.substring(0, MAX_ECHO_CHARS) + "…";
    }
}
