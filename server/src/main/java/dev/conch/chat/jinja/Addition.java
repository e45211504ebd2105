package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Expression.Constant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code a + b + c}. Templates put prompts together with it, mostly of texts, which are all joined at once or written out one by one; as
 * soon as something else is among them, it is added in pairs.
 */
record Addition(List<Expression> operands) implements Expression {

    /** The sum of two expressions, one with the first if that is a sum already. Texts of the template that meet become one. */
    static Addition of(Expression left, Expression right) {
        List<Expression> operands = new ArrayList<>(left instanceof Addition sum ? sum.operands : List.of(left));
        if (operands.size() > 1
                && operands.getLast() instanceof Constant(Text before)
                && right instanceof Constant(Text after)) {
            operands.removeLast();
            operands.add(new Constant(Text.of(before.string() + after.string())));
        } else {
            operands.add(right);
        }
        return new Addition(List.copyOf(operands));
    }

    @Override
    public Value evaluate(Scope scope) {
        Text[] texts = new Text[operands.size()];
        Value sum = collect(texts, scope);
        if (sum != null) {
            return sum;
        }
        TextBuilder out = new TextBuilder(scope.budget(), length(texts));
        append(texts, out);
        return out.toText();
    }

    @Override
    public void print(Scope scope, TextBuilder out) {
        Text[] texts = new Text[operands.size()];
        Value sum = collect(texts, scope);
        if (sum == null) {
            append(texts, out);
        } else {
            sum.print(out);
        }
    }

    /** Evaluates the operands as long as they are plain texts; gives the sum of all of them if one is not, or else null. */
    private @Nullable Value collect(Text[] texts, Scope scope) {
        for (int i = 0; i < texts.length; i++) {
            Value value = operands.get(i).evaluate(scope);
            if (!(value instanceof Text text) || text.markup()) {
                return addFrom(i, value, texts, scope);
            }
            texts[i] = text;
        }
        return null;
    }

    private Value addFrom(int position, Value value, Text[] texts, Scope scope) {
        Value sum = position == 0 ? value : texts[0];
        for (int i = 1; i < texts.length; i++) {
            Value next = i < position
                    ? texts[i]
                    : i == position ? value : operands.get(i).evaluate(scope);
            sum = BinaryOperator.ADD.apply(sum, next, scope.budget());
        }
        return sum;
    }

    private static int length(Text[] texts) {
        int length = 0;
        for (Text text : texts) {
            length += text.string().length();
        }
        return length;
    }

    private static void append(Text[] texts, TextBuilder out) {
        for (Text text : texts) {
            out.append(text);
        }
    }
}
