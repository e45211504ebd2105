package dev.conch.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.connection.RequestHead.Upgrade;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    @Test
    void readsWhatFollows() {
        assertThat(RequestHead.read(HEAD)).isEqualTo(new RequestHead(false, 0, Upgrade.NONE));
        assertThat(RequestHead.read(HEAD + "\r\ncontent-length:\t7 "))
                .isEqualTo(new RequestHead(false, 7, Upgrade.NONE));
        assertThat(RequestHead.read(HEAD + "\r\nTRANSFER-ENCODING: Chunked"))
                .isEqualTo(new RequestHead(true, 0, Upgrade.NONE));
        assertThat(RequestHead.read(HEAD + "\r\nUpgrade: h2c")).isEqualTo(new RequestHead(false, 0, Upgrade.H2C));
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

    /** 200 such heads took a regular expression days. The time is no measure of speed, it ends a test that hangs. */
    @ParameterizedTest
    @ValueSource(strings = {"X:", "X:a", "X: a b"})
    void readsBlanksOnce(String beginning) {
        String head = HEAD + "\r\n" + beginning + " ".repeat(16 << 10) + "\u0001";
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 200; i++) {
                assertThatExceptionOfType(GenerationException.class)
                        .isThrownBy(() -> RequestHead.read(head))
                        .matches(fault -> fault.code() == ErrorCode.BAD_REQUEST);
                assertThatExceptionOfType(GenerationException.class)
                        .isThrownBy(() -> RequestHead.checkTrailer(List.of(head.split("\r\n", -1))));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X",
                "X : a",
                " X: a",
                ": a",
                "X\u00e9: a",
                "X(: a",
                "X: \0",
                "X: \u007f",
                "X: \u0100",
                "X: a\u000bb"
            })
    void refusesOtherFields(String line) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> RequestHead.read(HEAD + "\r\n" + line))
                .matches(fault -> fault.code() == ErrorCode.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X:", "X: \t", "X:a:b", "X: \u0080\u00ff~", "!#$%&'*+-.^_`|~09AZaz: a\tb"})
    void takesEveryField(String line) {
        assertThat(RequestHead.read(HEAD + "\r\n" + line)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"x, OTHER", "'x, h2c', OTHER", "'h2c, x', OTHER", "'h2c,', OTHER", "'', OTHER", "H2C, H2C"})
    void knowsAnUpgrade(String value, Upgrade upgrade) {
        assertThat(RequestHead.read(HEAD + "\r\nUpgrade: " + value).upgrade()).isEqualTo(upgrade);
    }

    @Test
    void twoUpgradesAreNone() {
        assertThat(RequestHead.read(HEAD + "\r\nUpgrade: h2c\r\nUpgrade: h2c").upgrade())
                .isEqualTo(Upgrade.OTHER);
    }

    @Test
    void leavesUpgradesOut() {
        assertThat(
                        RequestHead.withoutUpgrade(
                                "GET / HTTP/1.1\r\nupgrade: h2c\r\nHost: a\r\nHTTP2-Settings: x\r\nConnection: Upgrade, close,http2-settings\r\nB: c"))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nB: c");
    }

    /** Netty upgrades if h2c is anywhere in the list; the gate would not see that. */
    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: x, h2c", "Upgrade: h2c, x", "Upgrade: x\r\nUpgrade: h2c"})
    void passesNoUpgradeAmongOthers(String fields) {
        var channel = new EmbeddedChannel(new FramingGate(Duration.ofHours(1), true));
        write(channel, "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\nConnection: Upgrade\r\n\r\n");
        assertThat(read(channel)).isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nConnection: \r\n\r\n");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
            })
    void takesThePrefaceOfHttp2OnlyFirst(String before) {
        var channel = new EmbeddedChannel(new FramingGate(Duration.ofHours(1), true));
        write(channel, before);
        write(channel, PREFACE);
        assertThat(read(channel)).doesNotContain("PRI");
        assertThat(Faults.of(channel)).isNotNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void stepsAsideForThePrefaceOfHttp2() {
        var channel = new EmbeddedChannel(new FramingGate(Duration.ofHours(1), true));
        write(channel, PREFACE.substring(0, 5));
        write(channel, PREFACE.substring(5) + "\0");
        assertThat(read(channel)).isEqualTo(PREFACE + "\0");
        assertThat(channel.pipeline().get(FramingGate.class)).isNull();
        channel.finishAndReleaseAll();
    }

    private static void write(EmbeddedChannel channel, String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
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
