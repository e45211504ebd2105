package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Statement.Block;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A compiled template of the Hugging Face dialect: Jinja 3.1 as {@code transformers} sets it up (immutable sandbox, {@code trim_blocks},
 * {@code lstrip_blocks}, loop controls, {@code generation}, its own {@code tojson}, {@code raise_exception}, {@code strftime_now}).
 *
 * <p>Compiled once per model and rendered often. Immutable and thread-safe. A template can do nothing but compute a text from the values
 * it is given, within {@link RenderLimits}.
 */
public final class JinjaTemplate {
    private static final int USUAL_LENGTH = 4096;

    private final Block body;
    private final SymbolScope root;
    private final List<String> variables;
    private final Set<String> strings;

    private JinjaTemplate(Block body, SymbolScope root, List<String> variables, Set<String> strings) {
        this.body = body;
        this.root = root;
        this.variables = variables;
        this.strings = strings;
    }

    /**
     * Compiles a template.
     *
     * @throws TemplateSyntaxException if it is not Jinja, or uses a part of Jinja that is not supported; names the line
     */
    public static JinjaTemplate compile(String source) {
        try {
            return parse(source);
        } catch (StackOverflowError e) {
            // As in render: the parser's own limits come first on a stack of ordinary size.
            throw new TemplateSyntaxException("the template is nested too deeply for this thread's stack", 1);
        }
    }

    private static JinjaTemplate parse(String source) {
        Symbols symbols = new Symbols();
        List<Token> tokens = Lexer.tokens(source);
        Block body = new TemplateParser(new TokenStream(tokens), symbols).template();
        return new JinjaTemplate(body, symbols.root(), symbols.resolve(), strings(tokens));
    }

    private static Set<String> strings(List<Token> tokens) {
        return tokens.stream()
                .filter(token -> token.kind() == Token.Kind.STRING)
                .map(Token::text)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the template has this string in its code, as one that knows a role has the role's name. */
    public boolean containsString(String string) {
        return strings.contains(string);
    }

    /** Whether the template's code names this variable: if not, rendering is the same with it and without it. */
    public boolean mentions(String variable) {
        return variables.contains(variable);
    }

    /**
     * Renders with some variables.
     *
     * @param variables plain values: null, String, {@link ClientText}, Boolean, Integer, Long, BigInteger, Double, List, Map with string
     *     keys; a name that is absent is undefined, one that is null is {@code None}
     * @param clock what {@code strftime_now} reads, and the limit on time
     * @throws TemplateRefusedException if the template calls {@code raise_exception}
     * @throws TemplateLimitException if it does more than the limits allow
     * @throws TemplateException if it fails in any other way
     */
    public RenderedText render(Map<String, ? extends @Nullable Object> variables, RenderLimits limits, Clock clock) {
        Budget budget = new Budget(limits, clock);
        Scope scope = root.activation().open(new Rendering(budget, clock, passed(variables)));
        root.enter(scope);
        TextBuilder out = new TextBuilder(budget, USUAL_LENGTH);
        try {
            body.execute(scope, out);
        } catch (StackOverflowError e) {
            // The limits on depth are far below this on a stack of ordinary size; on a small one this is still an
            // answer.
            throw new TemplateLimitException("depth", limits.maxDepth());
        }
        Text text = out.toText();
        return new RenderedText(text.string(), text.client().toList());
    }

    /** The caller's variables that the template looks at, or else what Jinja has under these names. */
    private @Nullable Value[] passed(Map<String, ? extends @Nullable Object> given) {
        @Nullable Value[] passed = new Value[variables.size()];
        for (int i = 0; i < passed.length; i++) {
            String name = variables.get(i);
            Object value = given.get(name);
            boolean absent = value == null && !given.containsKey(name);
            passed[i] = absent ? Globals.ALL.get(name) : Value.of(value);
        }
        return passed;
    }
}
