package dev.conch.chat.jinja;

/**
 * Finds one text in another, at the budget's expense.
 *
 * <p>{@link String#indexOf(String)} is fast on all texts that people write, but takes the product of both lengths on some that they do
 * not, such as {@code 'aaaab'} in {@code 'aaaaaaaa'}. So only the first few characters are looked for with it, which is linear, and the
 * rest is compared where they occur, each comparison being charged before it is done. Ordinary searches cost a step for 64 characters.
 *
 * @param string what is searched
 * @param wanted what is looked for
 */
record TextSearch(String string, String wanted, Budget budget) {
    /** So few that looking for them is linear in effect, and so many that text which is meant to be read seldom has them by chance. */
    private static final int HEAD = 16;

    /** Where it is found first, at or after a position; negative: nowhere. */
    int first(int from) {
        String head = head();
        int at = string.indexOf(head, from);
        while (at >= 0 && !restMatches(at)) {
            at = string.indexOf(head, at + 1);
        }
        chargeScan(from, at < 0 ? string.length() : at);
        return at;
    }

    /** Where it is found last, beginning at or before a position; negative: nowhere. */
    int last(int from) {
        String head = head();
        int start = Math.min(from, string.length() - wanted.length());
        int at = string.lastIndexOf(head, start);
        while (at >= 0 && !restMatches(at)) {
            at = string.lastIndexOf(head, at - 1);
        }
        chargeScan(Math.max(0, at), Math.max(0, start));
        return at;
    }

    private String head() {
        return wanted.length() <= HEAD ? wanted : wanted.substring(0, HEAD);
    }

    private boolean restMatches(int at) {
        int rest = wanted.length() - HEAD;
        if (rest <= 0) {
            return true;
        }
        budget.steps(1 + Weight.ofCharacters(rest));
        return string.startsWith(wanted, at);
    }

    /** Differences of quotients: many short scans cost together what one long scan costs. */
    private void chargeScan(int start, int end) {
        budget.steps(Weight.ofCharacters(end) - Weight.ofCharacters(start));
    }
}
