package dev.conch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests whose end two servers could see in different places. Each is followed by a second one that must not be executed: there is one
 * answer, 400, and the connection is closed. Of these forms Netty 4.2.18 lets several pass, and so does Envoy.
 */
class SmugglingTest extends TalkingHouseTest {
    private static final String HELLO = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String LENGTH = "Content-Length: " + HELLO.length() + "\r\n";
    private static final String CHUNK = Integer.toHexString(HELLO.length());
    private static final String SECOND = chat(LENGTH, HELLO);

    /** A form, by name. */
    record Form(String name, String bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static String chat(String fields, String body) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + fields
                + "\r\n" + body;
    }

    private static String get(String head) {
        return head + "\r\n\r\n";
    }

    private static String chunks(String firstLine, String afterChunk) {
        return firstLine + "\r\n" + HELLO + afterChunk + "0\r\n\r\n";
    }

    private static Form chunked(String name, String fields, String firstLine, String afterChunk) {
        return new Form(name, chat(fields, chunks(firstLine, afterChunk)));
    }

    static Stream<Form> forms() {
        return Stream.of(heads(), transferEncodings(), chunkForms(), lengths()).flatMap(List::stream);
    }

    private static List<Form> transferEncodings() {
        String chunked = "Transfer-Encoding: chunked\r\n";
        return List.of(
                chunked("TE and CL", chunked + LENGTH, CHUNK, "\r\n"),
                chunked("CL and TE", LENGTH + chunked, CHUNK, "\r\n"),
                chunked("TE: chunked, xchunked", "Transfer-Encoding: chunked, xchunked\r\n", CHUNK, "\r\n"),
                chunked("TE: identity, chunked", "Transfer-Encoding: identity, chunked\r\n", CHUNK, "\r\n"),
                chunked("TE: gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n", CHUNK, "\r\n"),
                chunked("TE: chunked, chunked", "Transfer-Encoding: chunked, chunked\r\n", CHUNK, "\r\n"),
                chunked("TE: xchunked", "Transfer-Encoding: xchunked\r\n", CHUNK, "\r\n"),
                chunked("TE: identity", "Transfer-Encoding: identity\r\n" + LENGTH, CHUNK, "\r\n"),
                chunked("TE empty", "Transfer-Encoding:\r\n", CHUNK, "\r\n"),
                chunked("TE with a vertical tab", "Transfer-Encoding: \u000bchunked\r\n", CHUNK, "\r\n"),
                chunked("TE quoted", "Transfer-Encoding: \"chunked\"\r\n", CHUNK, "\r\n"),
                chunked("TE twice", chunked + chunked, CHUNK, "\r\n"),
                chunked("TE twice, one identity", chunked + "Transfer-Encoding: identity\r\n", CHUNK, "\r\n"),
                chunked("TE with a blank before the colon", "Transfer-Encoding : chunked\r\n", CHUNK, "\r\n"),
                chunked("TE after a blank", " Transfer-Encoding: chunked\r\n", CHUNK, "\r\n"),
                chunked("TE folded", "Transfer-Encoding:\r\n chunked\r\n", CHUNK, "\r\n"),
                new Form("TE in HTTP/1.0", chat(chunked, chunks(CHUNK, "\r\n")).replaceFirst("HTTP/1.1", "HTTP/1.0")));
    }

    private static List<Form> lengths() {
        return List.of(
                new Form("CL twice, different", chat(LENGTH + "Content-Length: 5\r\n", HELLO)),
                new Form("CL twice, the same", chat(LENGTH + LENGTH, HELLO)),
                new Form("CL as a list", chat("Content-Length: 5, 5\r\n", HELLO)),
                new Form("CL with a sign", chat("Content-Length: +" + HELLO.length() + "\r\n", HELLO)),
                new Form("CL below zero", chat("Content-Length: -1\r\n", HELLO)),
                new Form("CL in hexadecimal", chat("Content-Length: 0x40\r\n", HELLO)),
                new Form("CL overflowing", chat("Content-Length: 18446744073709551617\r\n", HELLO)),
                new Form("CL empty", chat("Content-Length:\r\n", HELLO)),
                new Form("CL with a blank before the colon", chat("Content-Length : 5\r\n", HELLO)));
    }

    private static List<Form> chunkForms() {
        String te = "Transfer-Encoding: chunked\r\n";
        return List.of(
                chunked("no CRLF after a chunk", te, CHUNK, "XX"),
                chunked("bare LF after a chunk", te, CHUNK, "\n"),
                chunked("bare LF after a size", te, CHUNK + "\n", "\r\n"),
                chunked("size with 0x", te, "0x" + CHUNK, "\r\n"),
                chunked("size with a sign", te, "+" + CHUNK, "\r\n"),
                chunked("size after a blank", te, " " + CHUNK, "\r\n"),
                chunked("size before a blank", te, CHUNK + " ", "\r\n"),
                chunked("size overflowing", te, "1" + "0".repeat(16 - CHUNK.length()) + CHUNK, "\r\n"),
                chunked("size of 64 bits", te, "f".repeat(16), "\r\n"),
                chunked("size empty", te, "", "\r\n"),
                chunked("size no number", te, "xyz", "\r\n"),
                chunked("extension with a quoted line end", te, CHUNK + ";a=\"\r\nX\"", "\r\n"),
                chunked("extension with a bare CR", te, CHUNK + ";a\rb", "\r\n"),
                chunked("extension with a bare LF", te, CHUNK + ";\n", "\r\n"),
                new Form(
                        "trailer with framing",
                        chat(te, CHUNK + "\r\n" + HELLO + "\r\n0\r\nContent-Length: 3\r\n\r\n")),
                new Form("trailer folded", chat(te, CHUNK + "\r\n" + HELLO + "\r\n0\r\nA: b\r\n c\r\n\r\n")));
    }

    private static List<Form> heads() {
        return List.of(
                new Form("two Hosts", get("GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b")),
                new Form("no Host", get("GET /v1/models HTTP/1.1\r\nAccept: */*")),
                new Form("Host empty", get("GET /v1/models HTTP/1.1\r\nHost:")),
                new Form("Host with a path", get("GET /v1/models HTTP/1.1\r\nHost: a/b")),
                new Form("Host as a list", get("GET /v1/models HTTP/1.1\r\nHost: a, b")),
                new Form("URI of another host", get("GET http://b/v1/models HTTP/1.1\r\nHost: a")),
                new Form("URI with a user", get("GET http://a@b/v1/models HTTP/1.1\r\nHost: b")),
                new Form("URI of another scheme", get("GET ftp://a/v1/models HTTP/1.1\r\nHost: a")),
                new Form("header folded", get("GET /v1/models HTTP/1.1\r\nHost: a\r\nX: b\r\n c")),
                new Form("header without a colon", get("GET /v1/models HTTP/1.1\r\nHost: a\r\nX")),
                new Form("header without a name", get("GET /v1/models HTTP/1.1\r\nHost: a\r\n: b")),
                new Form("header with NUL", get("GET /v1/models HTTP/1.1\r\nHost: a\r\nX: \0")),
                new Form("header with a bare CR", get("GET /v1/models HTTP/1.1\r\nHost: a\r\nX: b\rY: c")),
                new Form("header with a bare LF", get("GET /v1/models HTTP/1.1\r\nHost: a\nX: b")),
                new Form("lines end with LF", "GET /v1/models HTTP/1.1\nHost: a\n\n"),
                new Form("bare CR in the request line", get("GET\r/v1/models HTTP/1.1\r\nHost: a")),
                new Form("tabs in the request line", get("GET\t/v1/models\tHTTP/1.1\r\nHost: a")),
                new Form("two blanks in the request line", get("GET  /v1/models HTTP/1.1\r\nHost: a")),
                new Form("a target that is no ASCII", get("GET /v1/mod\u00e9ls HTTP/1.1\r\nHost: a")),
                new Form("no version", get("GET /v1/models\r\nHost: a")),
                new Form("another version", get("GET /v1/models HTTP/1.2\r\nHost: a")),
                new Form("HTTP/2.0 in words", get("PRI * HTTP/2.0\r\nHost: a")),
                new Form(
                        "upgrade and two lengths",
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n" + LENGTH + "Transfer-Encoding: chunked\r\n\r\n"
                                + HELLO));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void isRefusedAndNothingElseHappens(Form form) {
        int before = engine.requests().size();
        try (var client = new RawClient(house.port())) {
            String said = client.send(form.bytes() + SECOND).readToEnd();
            assertThat(RawClient.statuses(said)).containsExactly(400);
            assertThat(RawClient.header(said, "connection")).isEqualToIgnoringCase("close");
            assertThat(RawClient.header(said, "content-type")).isEqualTo("application/json");
            assertThat(RawClient.header(said, "x-request-id")).startsWith("req_");
            assertThat(said).contains("\"type\":\"invalid_request_error\"").contains("\"code\":\"bad_request\"");
        }
        assertThat(engine.requests()).hasSize(before);
    }

    /** The same pieces in a form that is right, in one packet or byte by byte. */
    @Test
    void takesBothRequestsIfTheirFramingIsRight() {
        String first = chat(
                "Transfer-Encoding: Chunked\r\n",
                "5;a=b;c=\"d \\\" e\"\r\n" + HELLO.substring(0, 5) + "\r\n" + Integer.toHexString(HELLO.length() - 5)
                        + "\r\n" + HELLO.substring(5) + "\r\n000\r\nX-Checksum: 1\r\n\r\n");
        String both = "\r\n" + first + SECOND.replace("Host: localhost", "Host: localhost\r\nConnection: close");
        try (var whole = new RawClient(house.port());
                var pieces = new RawClient(house.port())) {
            assertThat(RawClient.statuses(whole.send(both).readToEnd())).containsExactly(200, 200);
            both.chars().forEach(octet -> pieces.send(String.valueOf((char) octet)));
            assertThat(RawClient.statuses(pieces.readToEnd())).containsExactly(200, 200);
        }
    }

    @Test
    void answersTheRightRequestFirst() {
        try (var client = new RawClient(house.port())) {
            String said = client.send(
                            "GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a, b\r\n\r\n"
                                    + SECOND)
                    .readToEnd();
            assertThat(RawClient.statuses(said)).containsExactly(200, 400);
        }
    }

    /** Netty takes it after any request that it did not upgrade; the gate would then be gone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Upgrade: h2c\r\n",
                "Upgrade: h2c\r\nConnection: Upgrade\r\n",
                "Upgrade: x, h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
            })
    void takesThePrefaceOfHttp2OnlyFirst(String fields) {
        int before = engine.requests().size();
        try (var client = new RawClient(house.port())) {
            String said = client.send("GET /health HTTP/1.1\r\nHost: a\r\n" + fields
                            + "\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SECOND)
                    .readToEnd();
            assertThat(RawClient.statuses(said)).containsExactly(200, 400);
        }
        assertThat(engine.requests()).hasSize(before);
    }

    @Test
    void takesAnAbsoluteTargetOfItsHost() {
        try (var client = new RawClient(house.port())) {
            String said = client.send(
                            "GET http://LocalHost:80/v1/models HTTP/1.1\r\nHost: localhost:80\r\nConnection: close\r\n\r\n")
                    .readToEnd();
            assertThat(RawClient.statuses(said)).containsExactly(200);
        }
    }
}
