package dev.conch.chat.jinja;

/**
 * How much work it is to compare or to hash a value, in steps: one for a value, one for every 64 characters of a text, and what all
 * elements weigh. A value that occurs twice counts twice, as equality walks into it twice: forty times {@code x = [x, x]} makes 41 lists
 * that weigh 2<sup>40</sup> steps. What a value weighs is added up once and kept, so asking is cheap where comparing is not.
 */
final class Weight {
    /** What one comparison may weigh where no budget is at hand. */
    private static final long MOST_AT_ONCE = 1_000_000;
    /** Weights stop growing here, so that no sum overflows. */
    private static final long HEAVIEST = 1L << 40;

    private static final int CHARACTERS_PER_STEP = 64;

    private Weight() {}

    /** The work of looking at every character once. */
    static long ofCharacters(long characters) {
        return characters / CHARACTERS_PER_STEP;
    }

    /** What a value weighs that holds these. */
    static long around(Iterable<Value> elements) {
        long sum = 1;
        for (Value element : elements) {
            sum += element.weight();
            if (sum >= HEAVIEST) {
                return HEAVIEST;
            }
        }
        return sum;
    }

    static long sum(long left, long right) {
        return Math.min(HEAVIEST, left + right);
    }

    /** {@code left == right}, at the budget's expense. */
    static boolean equal(Value left, Value right, Budget budget) {
        budget.steps(ofComparison(left, right));
        return left.equals(right);
    }

    /** Nothing for values of different types, which are not looked into. */
    static long ofComparison(Value left, Value right) {
        return left.getClass() == right.getClass() ? Math.min(left.weight(), right.weight()) - 1 : 0;
    }

    /** A last resort: maps and sets compare keys without asking anybody. */
    static void require(long weight) {
        if (weight > MOST_AT_ONCE) {
            throw new TemplateLimitException("values compared at once", MOST_AT_ONCE);
        }
    }
}
