package dev.conch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that sends bytes as they are, on one connection. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
    private final Socket socket;

    RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends characters as bytes. */
    RawClient send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that the server says until it closes the connection; a reset is a close. */
    String readToEnd() {
        var all = new StringBuilder();
        try {
            for (int octet = socket.getInputStream().read();
                    octet >= 0;
                    octet = socket.getInputStream().read()) {
                all.append((char) octet);
            }
        } catch (SocketException e) {
            all.append("(reset)");
        } catch (IOException e) {
            throw new AssertionError("the connection stays open after: " + all, e);
        }
        return all.toString();
    }

    /** Reads until the text has come. */
    String readThrough(String end) {
        var all = new StringBuilder();
        try {
            while (all.indexOf(end) < 0) {
                int octet = socket.getInputStream().read();
                if (octet < 0) {
                    throw new AssertionError("closed after: " + all);
                }
                all.append((char) octet);
            }
            return all.toString();
        } catch (IOException e) {
            throw new AssertionError("nothing more after: " + all, e);
        }
    }

    /** The statuses of all answers in what a server said. */
    static java.util.List<Integer> statuses(String said) {
        return STATUS_LINE
                .matcher(said)
                .results()
                .map(status -> Integer.valueOf(String.valueOf(status.group(1))))
                .toList();
    }

    /** The value of the last answer's header; empty without one. */
    static String header(String said, String name) {
        Matcher matcher = Pattern.compile("(?im)^" + Pattern.quote(name) + ": *(.*?)\\r?$")
                .matcher(said);
        String value = "";
        while (matcher.find()) {
            value = String.valueOf(matcher.group(1));
        }
        return value;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
