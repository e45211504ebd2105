package dev.conch.output;

/**
 * What of the generated tokens is wanted as text.
 *
 * @param skipSpecialTokens whether control tokens are left out of the text; if not, they are shown as they are written in prompts
 * @param spacesBetweenSpecialTokens whether there is a blank between a control token that is shown and what is beside it
 * @param trackTokens whether events carry the ids and logprobs that their text was decoded from
 */
public record TextForm(boolean skipSpecialTokens, boolean spacesBetweenSpecialTokens, boolean trackTokens) {
    /** Text alone. */
    public static final TextForm PLAIN = new TextForm(true, false, false);
}
