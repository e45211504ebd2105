package dev.conch.tokenizer;

import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The texts of the self-check, the same ones at each start: words and sentences of many scripts, source code, numbers, white space,
 * emoji, contractions, and random characters of all planes, by themselves and mixed. Well-formed, none empty.
 */
final class SelfCheckTexts {
    private static final int MIXED = 1_500;
    private static final int RANDOM = 1_000;
    private static final int WHITE_SPACE = 300;
    private static final int LONGEST_MIX = 12;
    private static final int LONGEST_RANDOM = 24;
    private static final long SEED = 20_261_121;

    private static final List<String> FRAGMENTS = List.of(
            "The conch is the horn through which Triton makes itself heard.",
            "It's what they've said: WE'LL see, I'd guess, that you're right; don't we? I'm sure 'twas so.",
            "it\u2019s we\u2019ll 'S 'LL 'Re 'vE '\u017F",
            "La conque est la corne par laquelle Triton se fait entendre, à côté de l'océan.",
            "Die Muschel ist das Horn; größere Wellen, Fußgängerübergänge, Straßenbahn.",
            "Ракушка — это рог, через который слышен Тритон. ЁЖИК ёжик",
            "Το κοχύλι είναι το κέρας με το οποίο ακούγεται ο Τρίτωνας.",
            "海螺是特里同发出声音的号角。他吹响它时，海浪就会平息！",
            "ほら貝はトリトンの声を伝えるカクテキです。ﾃｽﾄ　全角",
            "소라는 트리톤의 목소리를 전하는 뿔피리입니다.",
            "الصدفة هي البوق الذي يسمع به تريتون، ١٢٣٤",
            "הקונכייה היא הקרן שדרכה נשמע טריטון.",
            "शंख वह तुरही है जिससे त्रितोन सुना जाता है। १२३",
            "หอยสังข์คือแตรที่ทำให้ได้ยินเสียง ๑๒๓",
            "Vỏ ốc là chiếc tù và; Çanak, şişe, İstanbul, ıssız",
            "public static void main(String[] args) {\n\tSystem.out.println(\"Hello, world!\");\n}\n",
            "def add(a, b):\n    return a + b  # sum\n\n\nprint(add(1, 2))\n",
            "for (int i=0;i<n;++i) x[i] |= ~(y>>3) ^ 0xFF_u8; // ===> !!!",
            "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\", \"n\": [1, 2.5, -3e10, null]}}",
            "<div class=\"a b\">&nbsp;<br/></div> https://example.org/a?b=c&d=%20#e user_name@host.tld",
            "SELECT * FROM t WHERE a>=10 AND b<>'x';",
            "\\begin{align} \\frac{1}{2} &= x^2_i \\end{align}",
            "camelCaseWord SCREAMING_SNAKE kebab-case-word HTTPServer2Go iPhone15Pro",
            "0 1 12 123 1234 12345 123456 1234567 3.14159 1,000,000 ½ ² Ⅳ ١٢٣ ０１２",
            "🐚🌊 👋🏽 😀😁😂 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇯🇵 ❤️ ©®™ ½ → ∑ ∞ ≠",
            "é e\u0301 ä a\u0308 ﬁ ﬃ Å Å ﷺ 각 각",
            "\u200B\u200C\u200D\uFEFF\u2060\u00AD\u0000\u0001\u001B[0m\u007F\uFFFD",
            "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ … — – « » „ “ ” ‘ ’ ¿ ¡ 、。「」",
            "<|im_start|>user\n<|im_end|> <|endoftext|> <s></s> [INST] [/INST] <think> <|eot_id|> <｜end▁of▁sentence｜>",
            "▁ ▁▁ a▁b Ġ Ċ Ġthe <0x0A> <0xE6>",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "=================================== -------------------- ........................");

    private static final List<String> WHITE = List.of(
            " ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", "\r", "\u00A0", "\u3000", "\u2003", "\u2028", "\u0085",
            "\u000B", "\u000C");

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<String> words = FRAGMENTS.stream()
            .flatMap(fragment -> Stream.of(fragment.split(" ")))
            .filter(word -> !word.isEmpty())
            .toList();

    /** The texts in their order. To be called once. */
    Iterator<String> iterator() {
        return Stream.of(
                        FRAGMENTS.stream(),
                        words.stream(),
                        words.stream().map(word -> " " + word),
                        Stream.generate(this::mixed).limit(MIXED),
                        Stream.generate(this::randomCharacters).limit(RANDOM),
                        Stream.generate(this::whiteSpace).limit(WHITE_SPACE))
                .flatMap(texts -> texts)
                .iterator();
    }

    private String mixed() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, LONGEST_MIX); i > 0; i--) {
            text.append(random.nextInt(4) == 0 ? pick(WHITE) : random.nextBoolean() ? " " : "")
                    .append(pick(words));
        }
        return text.toString();
    }

    private String whiteSpace() {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? pick(words) : "");
        for (int i = random.nextInt(1, LONGEST_MIX); i > 0; i--) {
            text.append(pick(WHITE));
        }
        return text.append(random.nextBoolean() ? pick(words) : "").toString();
    }

    private String randomCharacters() {
        StringBuilder text = new StringBuilder();
        IntStream.generate(this::randomCharacter)
                .limit(random.nextInt(1, LONGEST_RANDOM))
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    /** Of one of the ranges in which the alphabets, the rest of the basic plane or the other planes are; no surrogates. */
    private int randomCharacter() {
        int character = switch (random.nextInt(6)) {
            case 0 -> random.nextInt(0x20, 0x7F);
            case 1 -> random.nextInt(0x80, 0x600);
            case 2 -> random.nextInt(0x600, 0x2000);
            case 3 -> random.nextInt(0x2000, 0x3100);
            case 4 -> random.nextInt(0x10000);
            default -> random.nextInt(0x10000, 0x20000);
        };
        return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE ? ' ' : character;
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
