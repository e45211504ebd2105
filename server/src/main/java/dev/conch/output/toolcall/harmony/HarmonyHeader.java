package dev.conch.output.toolcall.harmony;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands before a message: its channel, and to whom it is. The recipient may stand before the channel or behind it.
 *
 * @param channel empty if none is said
 * @param function the function that is called; empty if the message is no call
 */
record HarmonyHeader(String channel, String function) {
    private static final Pattern CHANNEL = Pattern.compile("<\\|channel\\|>\\s*([a-z]+)");
    private static final Pattern RECIPIENT = Pattern.compile("(?:^|\\s|>|assistant)to=(?:functions\\.)?([^\\s<]+)");

    static HarmonyHeader parse(String header) {
        return new HarmonyHeader(first(CHANNEL, header), first(RECIPIENT, header));
    }

    boolean isCall() {
        return !function.isEmpty();
    }

    boolean isReasoning() {
        return channel.equals("analysis");
    }

    private static String first(Pattern pattern, String header) {
        Matcher matcher = pattern.matcher(header);
        return matcher.find() ? header.substring(matcher.start(1), matcher.end(1)) : "";
    }
}
