package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.conch.proto.inference.ModelStreamInferResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The generated parser, and a plain reading of what it built, are the oracle of the lean one. */
class ResponseParserTest {
    private final ResponseParser parser = new ResponseParser(RandomResponses.ID);

    @Provide
    Arbitrary<byte[]> validMessages() {
        return Arbitraries.randomValue(random -> new RandomResponses(random).bytes());
    }

    @Property(tries = 3_000)
    void findsWhatTheGeneratedParserFinds(@ForAll("validMessages") byte[] message) throws Exception {
        assertAgreement(message);
    }

    @Provide
    Arbitrary<byte[]> damagedMessages() {
        return Arbitraries.randomValue(ResponseParserTest::damaged);
    }

    private static byte[] damaged(Random random) {
        byte[] message = new RandomResponses(random).bytes();
        for (int hits = random.nextInt(4); hits >= 0 && message.length > 0; hits--) {
            message[random.nextInt(message.length)] = (byte) random.nextInt(256);
        }
        return Arrays.copyOf(message, random.nextInt(message.length + 1));
    }

    /** What the generated parser still accepts is read alike; on all the rest the only way to fail is an {@link IOException}. */
    @Property(tries = 3_000)
    void survivesDamage(@ForAll("damagedMessages") byte[] message) throws Exception {
        if (isMessage(message)) {
            assertAgreement(message);
        } else {
            parseAtAll(message);
        }
    }

    private static boolean isMessage(byte[] bytes) {
        try {
            return ModelStreamInferResponse.parseFrom(bytes).isInitialized();
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private void parseAtAll(byte[] message) {
        try {
            assertThat(parser.parse(new ByteArrayInputStream(message))).isNotNull();
        } catch (IOException expected) {
            assertThat(expected).isNotNull();
        }
    }

    private void assertAgreement(byte[] message) throws Exception {
        StreamResponse expected;
        try {
            expected = ResponseOracle.parse(message, RandomResponses.ID);
        } catch (BrokenContractException broken) {
            assertThatExceptionOfType(BrokenContractException.class)
                    .isThrownBy(() -> parser.parse(new ByteArrayInputStream(message)));
            return;
        }
        assertThat(parser.parse(new ByteArrayInputStream(message)))
                .usingRecursiveComparison()
                // Not even a NaN is anything else than the bits that came.
                .withEqualsForType((a, b) -> Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b), Float.class)
                .isEqualTo(expected);
    }

    @Test
    void readsMessagesFarLargerThanItsBuffer() throws Exception {
        int[] ids = new Random(1).ints(100_000, 0, 50_000).toArray();
        byte[] message = RandomResponses.tokens(ids).toByteArray();
        assertThat(parser.parse(new ByteArrayInputStream(message)).tokenIds()).containsExactly(ids);
        byte[] small = RandomResponses.tokens(7).toByteArray();
        assertThat(parser.parse(new ByteArrayInputStream(small)).tokenIds()).containsExactly(7);
    }

    @Test
    void readsStreamsThatComeInPieces() throws Exception {
        byte[] message = RandomResponses.tokens(7, 8, 9).toByteArray();
        var trickle = new ByteArrayInputStream(message) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 3));
            }
        };
        assertThat(parser.parse(trickle).tokenIds()).containsExactly(7, 8, 9);
    }

    @Test
    void givesEachCallerIdsOfItsOwn() throws Exception {
        byte[] message = RandomResponses.tokens(7, 8).toByteArray();
        int[] first = parser.parse(new ByteArrayInputStream(message)).tokenIds();
        Arrays.fill(first, 0);
        assertThat(parser.parse(new ByteArrayInputStream(message)).tokenIds()).containsExactly(7, 8);
    }
}
