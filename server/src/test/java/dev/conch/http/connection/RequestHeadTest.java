package dev.conch.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate and what it reads by. The forms that are refused: {@code SmugglingTest}, against the whole server. */
class RequestHeadTest {
    private static final String HEAD = "POST /x HTTP/1.1\r\nHost: a";

    @Test
    void readsWhatFollows() {
        assertThat(RequestHead.read(HEAD)).isEqualTo(new RequestHead(false, 0, false));
        assertThat(RequestHead.read(HEAD + "\r\ncontent-length:\t7 ")).isEqualTo(new RequestHead(false, 7, false));
        assertThat(RequestHead.read(HEAD + "\r\nTRANSFER-ENCODING: Chunked"))
                .isEqualTo(new RequestHead(true, 0, false));
        assertThat(RequestHead.read(HEAD + "\r\nUpgrade: h2c")).isEqualTo(new RequestHead(false, 0, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:1", "A.b-c_d:65535", "127.0.0.1:80", "[::1]", "[2001:db8::1]:443"})
    void knowsAHost(String host) {
        assertThat(RequestHead.read("GET / HTTP/1.1\r\nHost: " + host)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"GET / HTTP/1.0, true", "OPTIONS * HTTP/1.0, true", "GET http://a/ HTTP/1.0, false"})
    void anOldRequestNeedsNoHost(String line, boolean right) {
        if (right) {
            assertThat(RequestHead.read(line)).isNotNull();
        } else {
            assertThatExceptionOfType(GenerationException.class).isThrownBy(() -> RequestHead.read(line));
        }
    }

    @Test
    void leavesUpgradesOut() {
        assertThat(RequestHead.withoutUpgrade("GET / HTTP/1.1\r\nupgrade: h2c\r\nHost: a\r\nHTTP2-Settings: x\r\nB: c"))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nB: c");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "000f, 15", "7fffffff, 2147483647", "A;x, 10", "a;x=y;z=\"q w\", 10"})
    void readsTheSizeOfAChunk(String line, int size) {
        assertThat(ChunkLine.size(line)).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "g",
                "-1",
                " 1",
                "1 ",
                "80000000",
                "ffffffffffffffff",
                "1;",
                "1;x=",
                "1;x=\"",
                "1;x=\"\r\n\"",
                "1 ;x"
            })
    void refusesOtherSizes(String line) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> ChunkLine.size(line))
                .matches(fault -> fault.code() == ErrorCode.BAD_REQUEST);
    }

    /** However a connection's bytes are cut, the codec gets the same. */
    @Property(tries = 200)
    void passesTheSameHoweverItIsCut(@ForAll @IntRange(min = 1, max = 40) int size) {
        String all =
                "\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                        + "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n00A;x=y\r\n0123456789\r\n1\r\n!\r\n0\r\nT: u\r\n\r\n"
                        + "GET /d HTTP/1.1\r\nHost: a\r\n\r\n";
        String passed =
                "GET /a HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                        + "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n1\r\n!\r\n0\r\n\r\n"
                        + "GET /d HTTP/1.1\r\nHost: a\r\n\r\n";
        var channel = new EmbeddedChannel(new FramingGate(Duration.ofHours(1), false));
        for (int at = 0; at < all.length(); at += size) {
            String piece = all.substring(at, Math.min(all.length(), at + size));
            channel.writeInbound(Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1));
        }
        assertThat(read(channel)).isEqualTo(passed);
        assertThat(Faults.of(channel)).isNull();
        channel.finishAndReleaseAll();
    }

    private static String read(EmbeddedChannel channel) {
        var all = new StringBuilder();
        for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
            all.append(piece.toString(StandardCharsets.ISO_8859_1));
            piece.release();
        }
        return all.toString();
    }

    @Test
    void letsNothingPassAfterAFault() {
        var channel = new EmbeddedChannel(new FramingGate(Duration.ofHours(1), false));
        String bytes = "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n";
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        assertThat(read(channel)).doesNotContain("second").isEqualTo("GET / HTTP/1.1\r\n:\r\n\r\n");
        assertThat(Faults.of(channel)).isNotNull();
        channel.finishAndReleaseAll();
    }
}
