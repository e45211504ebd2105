package dev.conch.engine.triton;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.grpc.Status;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one table from Triton's failures to ours. Triton reports nearly everything as a text inside the stream, where codes are lost, so
 * the texts are what there is to go by; the status of the call tells about the transport. Neither passes on to the client: the
 * messages here are our own, and what Triton said stays with the cause.
 *
 * <p>Many failures mean one thing before the first token, when nothing is lost yet, and another one after it.
 */
final class TritonErrors {
    private static final Pattern PROMPT_TOO_LONG =
            Pattern.compile("prompt length \\((\\d+)\\) exceeds maximum input length \\((\\d+)\\)");

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");
    private static final int MAX_LOGGED = 500;

    private static final List<Text> TEXTS = List.of(
            always("exceeds maximum input length", ErrorCode.CONTEXT_LENGTH_EXCEEDED),
            // TensorRT-LLM's executor, then Triton's own queue.
            first("maximum queue size of", ErrorCode.OVERLOADED),
            first("exceeds maximum queue size", ErrorCode.OVERLOADED),
            first("request for unknown model", ErrorCode.NO_HEALTHY_BACKEND),
            first("is not ready", ErrorCode.NO_HEALTHY_BACKEND),
            first("no available versions", ErrorCode.NO_HEALTHY_BACKEND),
            first("shutting down", ErrorCode.NO_HEALTHY_BACKEND),
            first("being unloaded", ErrorCode.NO_HEALTHY_BACKEND),
            first("protocol is restricted", ErrorCode.NO_HEALTHY_BACKEND),
            first("unknown subscription", ErrorCode.NO_HEALTHY_BACKEND),
            first("cancelled", ErrorCode.NO_HEALTHY_BACKEND),
            // Triton's checks of a request against the model's configuration.
            always("unexpected inference input", ErrorCode.UPSTREAM_REJECTED),
            always("unexpected inference output", ErrorCode.UPSTREAM_REJECTED),
            always("data-type is", ErrorCode.UPSTREAM_REJECTED),
            always("batch size does not match", ErrorCode.UPSTREAM_REJECTED),
            always("byte size mismatch", ErrorCode.UPSTREAM_REJECTED),
            always("batch-size must be", ErrorCode.UPSTREAM_REJECTED),
            always("unexpected shape for input", ErrorCode.UPSTREAM_REJECTED),
            always("inputs but got", ErrorCode.UPSTREAM_REJECTED),
            always("reserved parameter", ErrorCode.UPSTREAM_REJECTED),
            // The backend's.
            always("invalid size for tensor", ErrorCode.UPSTREAM_REJECTED),
            always("sparse list must", ErrorCode.UPSTREAM_REJECTED),
            always("streaming is only supported", ErrorCode.UPSTREAM_REJECTED),
            always("batch size > 1 requires", ErrorCode.UPSTREAM_REJECTED),
            always("embedding bias shape is not as expected", ErrorCode.UPSTREAM_REJECTED),
            always("request id is not provided", ErrorCode.UPSTREAM_REJECTED),
            always("must be present in list of output tensors", ErrorCode.UPSTREAM_REJECTED),
            // Conch's own model, about a tensor.
            always("(expected: ", ErrorCode.UPSTREAM_REJECTED),
            // gRPC's own, on this side of the wire.
            always("grpc message exceeds maximum size", ErrorCode.BAD_UPSTREAM_RESPONSE));

    /** A failure that is known by a piece of its text, in lower case. */
    private record Text(String piece, ErrorCode before, ErrorCode after) {}

    private TritonErrors() {}

    private static Text always(String piece, ErrorCode code) {
        return new Text(piece, code, code);
    }

    private static Text first(String piece, ErrorCode before) {
        return new Text(piece, before, ErrorCode.UPSTREAM_INTERRUPTED);
    }

    /**
     * An error message inside the stream.
     *
     * @param answered whether tokens had come already
     */
    static GenerationException ofText(String text, boolean answered) {
        ErrorCode unknown = answered ? ErrorCode.UPSTREAM_INTERRUPTED : ErrorCode.BAD_UPSTREAM_RESPONSE;
        return failure(classify(text, answered, unknown), text, Status.UNKNOWN.withDescription(text));
    }

    /**
     * The end of a call without a final response, which is a failure whatever the status.
     *
     * @param answered whether tokens had come already
     */
    static GenerationException ofClose(Status status, boolean answered) {
        if (status.isOk()) {
            return ofBrokenContract(new BrokenContractException("stream: ended without a final response"));
        }
        if (status.getCode() == Status.Code.CANCELLED && status.getCause() != null) {
            // gRPC's way to say that our own listener threw.
            return ofListener(status.getCause());
        }
        // A connection that breaks has such a cause too, and is UNAVAILABLE.
        if (status.getCode() == Status.Code.INTERNAL && status.getCause() instanceof IOException brokenContract) {
            return ofBrokenContract(brokenContract);
        }
        String text = status.getDescription() == null ? "" : status.getDescription();
        return failure(classify(text, answered, byCode(status, answered)), text, status);
    }

    /** Our own listener threw. */
    static GenerationException ofListener(Throwable cause) {
        return new GenerationException(ErrorCode.INTERNAL_ERROR, message(ErrorCode.INTERNAL_ERROR), null, cause);
    }

    /** The end of a call that this side gives up, since its messages break the contract; {@link #ofClose} knows it again. */
    static Status statusOf(IOException brokenContract) {
        return Status.INTERNAL.withCause(brokenContract);
    }

    /** A failure to learn what the model can do; nothing was asked of it yet. */
    static GenerationException ofQuestion(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof BrokenContractException broken) {
            return ofBrokenContract(broken);
        }
        Status status = Status.fromThrowable(cause);
        // Not a generation that takes long: a server that does not even say what it serves.
        boolean mute = status.getCode() == Status.Code.DEADLINE_EXCEEDED;
        return ofClose(mute ? Status.UNAVAILABLE.withDescription(status.getDescription()) : status, false);
    }

    /** A model that could not be loaded or unloaded, or an index that could not be had. Triton's reasons are for the index to tell. */
    static GenerationException ofRepository(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        Status status = Status.fromThrowable(cause);
        String text =
                status.getDescription() == null ? "" : status.getDescription().toLowerCase(Locale.ROOT);
        if (text.contains("explicit model load / unload is not allowed")) {
            return new GenerationException(
                    ErrorCode.UPSTREAM_REJECTED,
                    "The engine does not load or unload models by request (expected: started with --model-control-mode=explicit).",
                    null,
                    cause);
        }
        if (text.contains("failed to poll from model repository") || text.contains("is not found")) {
            return unknownModel(cause);
        }
        return switch (status.getCode()) {
            case UNAVAILABLE -> failure(ErrorCode.NO_HEALTHY_BACKEND, text, status);
            case DEADLINE_EXCEEDED -> failure(ErrorCode.UPSTREAM_TIMEOUT, text, status);
            default ->
                new GenerationException(
                        ErrorCode.UPSTREAM_REJECTED,
                        "The engine could not do that with the model; its index may say why.",
                        null,
                        cause);
        };
    }

    static GenerationException unknownModel(@Nullable Throwable cause) {
        return new GenerationException(
                ErrorCode.MODEL_NOT_FOUND, "model: none of that name in the engine's repository", "model", cause);
    }

    /** Something that the contract does not allow: no protocol buffer, other tensors, ids or counts than promised. */
    static GenerationException ofBrokenContract(Exception cause) {
        return new GenerationException(
                ErrorCode.BAD_UPSTREAM_RESPONSE, message(ErrorCode.BAD_UPSTREAM_RESPONSE), null, cause);
    }

    /**
     * The engine has cancelled a sequence of its own accord. Before a token was told another replica may do better.
     *
     * @param answered whether tokens had come already
     */
    static GenerationException ofUnaskedCancel(boolean answered) {
        String text = "finish_reason: cancelled (expected: stop, length)";
        return failure(
                answered ? ErrorCode.UPSTREAM_INTERRUPTED : ErrorCode.NO_HEALTHY_BACKEND,
                text,
                Status.UNAVAILABLE.withDescription(text));
    }

    /**
     * Whether another replica may be asked instead: this one could not be reached, or did not take the request. Never after a token,
     * and never for what the request itself is the reason of, or an end of it.
     */
    static boolean isOfThisReplica(GenerationException error) {
        Throwable cause = error.getCause();
        if (error.code() != ErrorCode.NO_HEALTHY_BACKEND || cause == null) {
            return false;
        }
        Status status = Status.fromThrowable(cause);
        String text = status.getDescription() == null ? "" : status.getDescription();
        return switch (status.getCode()) {
            case UNAVAILABLE -> true;
            // A text inside the stream.
            case UNKNOWN -> !text.toLowerCase(Locale.ROOT).contains("cancelled");
            default -> false;
        };
    }

    /** Silence for longer than allowed. */
    static GenerationException ofSilence(boolean answered) {
        ErrorCode code = answered ? ErrorCode.UPSTREAM_TIMEOUT : ErrorCode.TIMEOUT;
        return new GenerationException(code, message(code));
    }

    /** What the log says about a failure: its causes, in one line and not without end. */
    static String operatorText(GenerationException error) {
        var text = new StringBuilder(error.getCause() == null ? error.clientMessage() : "");
        for (Throwable cause = error.getCause();
                cause != null && text.length() < MAX_LOGGED;
                cause = cause.getCause()) {
            text.append(text.isEmpty() ? "" : ": ").append(cause.getMessage());
        }
        String line = UNPRINTABLE.matcher(text).replaceAll(" ");
        return line.length() <= MAX_LOGGED ? line : line.substring(0, MAX_LOGGED) + "...";
    }

    private static ErrorCode classify(String text, boolean answered, ErrorCode otherwise) {
        String lower = text.toLowerCase(Locale.ROOT);
        for (Text known : TEXTS) {
            if (lower.contains(known.piece)) {
                return answered ? known.after : known.before;
            }
        }
        return otherwise;
    }

    private static ErrorCode byCode(Status status, boolean answered) {
        return switch (status.getCode()) {
            case OK, UNIMPLEMENTED -> ErrorCode.BAD_UPSTREAM_RESPONSE;
            case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION, ALREADY_EXISTS -> ErrorCode.UPSTREAM_REJECTED;
            case RESOURCE_EXHAUSTED -> answered ? ErrorCode.UPSTREAM_INTERRUPTED : ErrorCode.OVERLOADED;
            case DEADLINE_EXCEEDED -> answered ? ErrorCode.UPSTREAM_TIMEOUT : ErrorCode.TIMEOUT;
            case UNAVAILABLE,
                    NOT_FOUND,
                    CANCELLED,
                    ABORTED,
                    INTERNAL,
                    UNKNOWN,
                    DATA_LOSS,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED -> answered ? ErrorCode.UPSTREAM_INTERRUPTED : ErrorCode.NO_HEALTHY_BACKEND;
        };
    }

    private static GenerationException failure(ErrorCode code, String text, Status cause) {
        if (code == ErrorCode.CONTEXT_LENGTH_EXCEEDED) {
            return promptTooLong(text, cause);
        }
        return new GenerationException(code, message(code), null, cause.asException());
    }

    /** The two numbers are all that is taken over from the engine's text. */
    private static GenerationException promptTooLong(String text, Status cause) {
        Matcher numbers = PROMPT_TOO_LONG.matcher(text.toLowerCase(Locale.ROOT));
        String message = numbers.find()
                ? "messages: %s tokens (expected: at most %s)".formatted(numbers.group(1), numbers.group(2))
                : "messages: more tokens than the model's context has room for";
        return new GenerationException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, message, "messages", cause.asException());
    }

    private static String message(ErrorCode code) {
        return switch (code) {
            case OVERLOADED -> "The model is overloaded, please try again later.";
            case NO_HEALTHY_BACKEND -> "The model is not available at the moment, please try again later.";
            case UPSTREAM_INTERRUPTED -> "The generation was interrupted before its end.";
            case UPSTREAM_TIMEOUT -> "The generation was abandoned because it no longer made progress.";
            case TIMEOUT -> "The model did not begin to answer in time.";
            case BAD_UPSTREAM_RESPONSE -> "The model gave an answer that could not be understood.";
            case UPSTREAM_REJECTED -> "The server could not hand the request to the model.";
            default -> "The generation failed.";
        };
    }
}
