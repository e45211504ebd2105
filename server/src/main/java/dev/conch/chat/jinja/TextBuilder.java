package dev.conch.chat.jinja;

/** Text in the making, with its spans. Every character is charged to the budget. */
final class TextBuilder {
    private static final int USUAL_LENGTH = 128;

    private final StringBuilder string;
    private final Spans.Builder client = new Spans.Builder();
    private final Budget budget;

    TextBuilder(Budget budget) {
        this(budget, USUAL_LENGTH);
    }

    /** A text that is expected to be of some length, in UTF-16 units. */
    TextBuilder(Budget budget, int length) {
        this.budget = budget;
        string = new StringBuilder(length);
    }

    Budget budget() {
        return budget;
    }

    int length() {
        return string.length();
    }

    TextBuilder append(Text text) {
        budget.build(text.string().length());
        client.append(string.length(), text.client());
        string.append(text.string());
        return this;
    }

    /** Appends text of the template or the server. */
    TextBuilder append(String trusted) {
        budget.build(trusted.length());
        string.append(trusted);
        return this;
    }

    Text toText() {
        return new Text(string.toString(), client.build(), false);
    }
}
