package dev.conch.output.reasoning;

import org.jspecify.annotations.Nullable;

/** What every format of reasoning has to have an answer to. */
enum Scenario {
    PLAIN {
        @Override
        Case of(Dialect d) {
            return after("\n<|assistant|>\n", d.begin() + "\nI think.\n" + d.end() + "\n\nYes.", "I think.", "Yes.");
        }
    },
    WITHOUT_LINE_BREAKS {
        @Override
        Case of(Dialect d) {
            return after("", d.begin() + "I think." + d.end() + "Yes.", "I think.", "Yes.");
        }
    },
    LINE_BREAKS_AND_BLANKS_INSIDE {
        @Override
        Case of(Dialect d) {
            return after(
                    "", d.begin() + "\n\n  a\n\n\nb \n\n" + d.end() + "\n\n\n  c\n\nd\n", "  a\n\n\nb ", "  c\n\nd\n");
        }
    },
    EMPTY_BLOCK {
        @Override
        Case of(Dialect d) {
            return after("", d.begin() + "\n\n" + d.end() + "\n\nYes.", "", "Yes.");
        }
    },
    BLOCK_OF_NOTHING {
        @Override
        Case of(Dialect d) {
            return after("", d.begin() + d.end() + "Yes.", "", "Yes.");
        }
    },
    NOTHING {
        @Override
        Case of(Dialect d) {
            return after("", "", "", "");
        }
    },
    NO_BLOCK {
        @Override
        Case of(Dialect d) {
            return d.implied() ? after("", "\nYes.\n", "Yes.\n", "") : after("", "\nYes.\n", "", "\nYes.\n");
        }
    },
    WHITE_SPACE_ALONE {
        @Override
        Case of(Dialect d) {
            return d.implied() ? after("", "\n \n", " \n", "") : after("", "\n \n", "", "\n \n");
        }
    },
    WHITE_SPACE_BEFORE_THE_BLOCK {
        @Override
        Case of(Dialect d) {
            return after("", "\n \t" + d.begin() + "a" + d.end() + "b", "a", "b");
        }
    },
    NO_BEGIN_MARKER {
        @Override
        Case of(Dialect d) {
            return d.implied()
                    ? after("", "I think." + d.end() + "Yes.", "I think.", "Yes.")
                    : after("", "I think." + d.end() + "Yes.", "", "I think." + d.end() + "Yes.");
        }
    },
    END_MARKER_ALONE {
        @Override
        Case of(Dialect d) {
            return after("", d.end() + "\nYes.", "", "Yes.");
        }
    },
    OPENED_BY_THE_PROMPT {
        @Override
        Case of(Dialect d) {
            return after(d.begin() + "\n", "\nI think.\n" + d.end() + "\n\nYes.", "I think.", "Yes.");
        }
    },
    OPENED_BY_THE_PROMPT_AND_WRITTEN_AGAIN {
        @Override
        Case of(Dialect d) {
            return after(d.begin(), "\n" + d.begin() + "\nI think." + d.end() + "Yes.", "I think.", "Yes.");
        }
    },
    OPENED_BY_THE_PROMPT_AND_NEVER_CLOSED {
        @Override
        Case of(Dialect d) {
            return after(d.begin() + "\n", "\nI think.\n\n", "I think.\n\n", "");
        }
    },
    OPENED_BY_THE_PROMPT_AND_CLOSED_AT_ONCE {
        @Override
        Case of(Dialect d) {
            return after(d.begin(), d.end() + "\n\nYes.", "", "Yes.");
        }
    },
    CLOSED_BY_THE_PROMPT {
        @Override
        Case of(Dialect d) {
            return after(d.begin() + "\n\n" + d.end() + "\n\n", "\nYes.", "", "Yes.");
        }
    },
    CLOSED_BY_A_PROMPT_WITHOUT_A_BEGIN_MARKER {
        @Override
        Case of(Dialect d) {
            return after("<|assistant|>" + d.end(), "Yes.", "", "Yes.");
        }
    },
    GOES_ON_WITH_REASONING {
        @Override
        Case of(Dialect d) {
            return after(d.begin() + "\nLet me", "\nsee.\n" + d.end() + "Yes.", "\nsee.", "Yes.");
        }
    },
    GOES_ON_WITH_THE_ANSWER {
        @Override
        Case of(Dialect d) {
            return after(d.begin() + "a" + d.end() + "\n\nYes,", "\n\nI do.", "", "\n\nI do.");
        }
    },
    TRUNCATED {
        @Override
        Case of(Dialect d) {
            return after("", d.begin() + "\nI think.\nAnd", "I think.\nAnd", "");
        }
    },
    TRUNCATED_IN_THE_BEGIN_MARKER {
        @Override
        Case of(Dialect d) {
            String part = allButTheLast(d.begin());
            return d.implied() ? after("", part, part, "") : after("", part, "", part);
        }
    },
    TRUNCATED_IN_THE_END_MARKER {
        @Override
        Case of(Dialect d) {
            String part = "\n" + allButTheLast(d.end());
            return after("", d.begin() + "I think." + part, "I think." + part, "");
        }
    },
    LOOK_ALIKES {
        @Override
        Case of(Dialect d) {
            String alike = allButTheLast(d.end()) + "~" + allButTheLast(d.begin()) + "\n"
                    + d.end().charAt(0);
            return after("", d.begin() + alike + "." + d.end() + alike, alike + ".", alike);
        }
    },
    BEGIN_MARKER_INSIDE {
        @Override
        Case of(Dialect d) {
            return after("", d.begin() + "a " + d.begin() + " b" + d.end() + "c", "a " + d.begin() + " b", "c");
        }
    },
    END_MARKER_IN_THE_ANSWER {
        @Override
        Case of(Dialect d) {
            return after("", d.begin() + "a" + d.end() + "It ends with " + d.end(), "a", "It ends with " + d.end());
        }
    },
    TEXT_BEFORE_THE_BLOCK {
        @Override
        Case of(Dialect d) {
            String output = "Well. " + d.begin() + "a" + d.end() + "\nb";
            if (d.anywhere()) {
                return after("", output, "a", "Well. b");
            }
            return d.implied() ? after("", output, "Well. " + d.begin() + "a", "b") : after("", output, "", output);
        }
    },
    SEVERAL_BLOCKS {
        @Override
        Case of(Dialect d) {
            String second = d.begin() + "c" + d.end() + "d";
            String output = d.begin() + "a" + d.end() + "b" + second;
            return d.anywhere() ? after("", output, "ac", "bd") : after("", output, "a", "b" + second);
        }
    },
    UNICODE {
        @Override
        Case of(Dialect d) {
            return after("", d.begin() + "\n考える😀é\n" + d.end() + "\n▁はい👩‍🚀", "考える😀é", "▁はい👩‍🚀");
        }
    },
    CALL_WITHOUT_AN_END_MARKER {
        @Override
        @Nullable Case of(Dialect d) {
            return d.call() == null
                    ? null
                    : after("", d.begin() + "I call it.\n" + d.call() + "!", "I call it.", d.call() + "!");
        }
    },
    CALL_ALONE_AFTER_AN_OPENED_BLOCK {
        @Override
        @Nullable Case of(Dialect d) {
            return d.call() == null ? null : after(d.begin(), d.call() + "!", "", d.call() + "!");
        }
    },
    CALL_AFTER_THE_BLOCK {
        @Override
        @Nullable Case of(Dialect d) {
            return d.call() == null
                    ? null
                    : after("", d.begin() + "a" + d.end() + "\n\n" + d.call() + "!", "a", d.call() + "!");
        }
    },
    MARKED_ANSWER {
        @Override
        @Nullable Case of(Dialect d) {
            return d.answer() == null
                    ? null
                    : after(
                            "",
                            d.begin() + "\na\n" + d.end() + "\n" + d.answer() + "\nYes.\n" + d.answerEnd() + "\n",
                            "a",
                            "Yes.");
        }
    },
    MARKED_ANSWER_TRUNCATED {
        @Override
        @Nullable Case of(Dialect d) {
            return d.answer() == null
                    ? null
                    : after("", d.begin() + "a" + d.end() + d.answer() + "Yes.\n", "a", "Yes.\n");
        }
    },
    MARKED_ANSWER_WITHOUT_REASONING {
        @Override
        @Nullable Case of(Dialect d) {
            return d.answer() == null
                    ? null
                    : after(d.begin() + d.end(), d.answer() + "Yes." + d.answerEnd(), "", "Yes.");
        }
    };

    /** What a model writes after a prompt, and what that is to become. */
    record Case(String prompt, String output, String reasoning, String text) {}

    /** Null: the format has nothing of the kind. */
    abstract @Nullable Case of(Dialect dialect);

    private static Case after(String prompt, String output, String reasoning, String text) {
        return new Case(prompt, output, reasoning, text);
    }

    private static String allButTheLast(String marker) {
        return marker.substring(0, marker.length() - 1);
    }
}
