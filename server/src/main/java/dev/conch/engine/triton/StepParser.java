package dev.conch.engine.triton;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads the messages of a subscription's stream: its news, and the answers to what was said on it. Not thread-safe; one for each stream. */
final class StepParser {
    /** A step of some 500 sequences. */
    private static final int BYTES = 16 << 10;

    private final byte[] name;
    private final StepNews news = new StepNews();
    private final ResponseEnvelope envelope = new ResponseEnvelope(news.tensors(), BYTES);

    /** What a message is. */
    enum Kind {
        /** The answer to another request of this stream; the engine's last word about it. */
        REPLY,
        /** A step. */
        NEWS,
        /** A sign of life. */
        EMPTY,
        /** The end of the request that the subscription lives on, with an error or without. */
        END
    }

    /** @param name the subscription's */
    StepParser(String name) {
        this.name = name.getBytes(UTF_8);
    }

    /**
     * Reads one message to its end.
     *
     * @throws IOException if it is no such message, or if its tensors are not what the contract promises
     */
    Kind parse(InputStream message) throws IOException {
        envelope.read(message);
        if (!envelope.idIs(name)) {
            return Kind.REPLY;
        }
        if (!envelope.error().isEmpty() || envelope.isLast()) {
            return Kind.END;
        }
        if (news.tensors().isEmpty()) {
            return Kind.EMPTY;
        }
        news.begin(envelope.buffer());
        return Kind.NEWS;
    }

    /** Of {@link Kind#NEWS}: stands in front of the first sequence. */
    StepNews news() {
        return news;
    }

    /** The message itself, to be read again later. */
    InputStream copy() {
        return new ByteArrayInputStream(envelope.buffer().clone(), 0, envelope.length());
    }

    /** Triton's or the engine's words; empty if nothing went wrong. */
    String error() {
        return envelope.error();
    }

    /** Of {@link Kind#REPLY}: to which request. */
    String id() {
        return envelope.id();
    }
}
