package dev.conch.tokenizer;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Texts on which two encoders may disagree, made from a seed: the same seed gives the same texts, whatever the machine. All kinds come
 * in turn, so that any number of texts in a row covers them evenly. Every text is well-formed UTF-16, most are shorter than 300 units.
 */
public final class TokenizerTexts {
    /** Written for this test; one line per script, words that a learner would meet first. */
    private static final List<String> PROSE = List.of(
            "The harbour was quiet when they're back and nobody'd asked I'll say it's we've YOU'RE HTTPServer McDonald don't naïve iPhone",
            "größer Straße Übermut l'été déjà œuvre ça señor mañana ação coração İstanbul ışık žluťoučký kůň łódź Ærø tiếng Việt được",
            "море Корабль плывёт к берегу и никто не знает почему объём ЩЁЛК їжак ґанок Ђорђе",
            "θάλασσα Το πλοίο έφυγε ΣΟΦΌΣ σοφός ἄνθρωπος ᾠδή ᾼ",
            "海螺 吹响 的 时候 大家 都 听见 了 请 告诉 我 为什么 這個 國家 龘 𠀀𠮷",
            "うみ の おと カタカナ が きこえる ハードウェア コンピューター です 東京 々 ゛ｱｲｳ",
            "바다 에서 고래 를 보았다 그리고 집으로 돌아갔다 한국어 각 힣",
            "البحر هادئ اليوم والسفينة بعيدة مَدْرَسَةٌ لا ١٢٣ ﷺ",
            "הים שקט היום וְהָאֳנִיָּה רחוקה שָׁלוֹם ״צה״ל״",
            "समुद्र शांत है और जहाज दूर है क्षत्रिय हिन्दी १२३ ॐ",
            "ทะเลสงบ วันนี้ เรืออยู่ไกล กำลัง น้ำ ๑๒๓",
            "সমুদ্র শান্ত আজ জাহাজ দূরে",
            "கடல் அமைதியாக இருக்கிறது ஸ்ரீ",
            "ზღვა მშვიდია ᲓᲦᲔᲡ გემი",
            "ծովը հանգիստ է այսօր և նավը",
            "သမုဒ္ဒရာ ငြိမ်သက် ភាសាខ្មែរ ພາສາລາວ བོད་སྐད ᠮᠣᠩᠭᠣᠯ አማርኛ ᏣᎳᎩ ꮳꮃꭹ");

    private static final List<String> CODE = List.of(
            "for (int i = 0; i < size; i++) {\n    total += values[i] * 0x1F;\n}\n",
            "def render(self, *args, **kwargs):\n\treturn f\"{self.name!r}: {args[0]:>8.3f}\"\n\n\n",
            "SELECT id, COUNT(*) FROM rooms WHERE name LIKE '%conch%' GROUP BY 1;\r\n",
            "#include <stdio.h>\n\n/* a comment */\n#define MAX(a,b) ((a)>(b)?(a):(b))\n",
            "const f = async ({a, b = 3}) => a?.b ?? await fetch(`https://example.org/${a}?q=1&r=%20`);\n",
            "{\"key\": [1, 2.50, -3e+10, null, true], \"nested\": {\"ключ\": \"\\u00e9\\n\"}}",
            "<div class=\"a b\">\n\t\t<!-- note -->&nbsp;&#8217;</div>\n",
            "match x { Some(n) if n > 10_000 => println!(\"{n:?}\"), _ => unreachable!() }",
            "    if not x:\n        pass\n\n    else:  # why\n            y = x//2 % 3 != 1",
            "| a | b |\n|---|:-:|\n| `x` | **y** |\n\n- [ ] item_one\n  1. $\\alpha_{i}^2$\n",
            "ls -la /usr/lib64 | grep -E '^d' >> out.txt 2>&1 && echo $? ;\n",
            "private static final Map<String, List<? super T>> CACHE_BY_NAME = new HashMap<>();");

    private static final List<String> EMOJI = List.of(
            "🐚",
            "👋🏽",
            "👨‍👩‍👧‍👦",
            "🇫🇷",
            "🏴‍☠️",
            "❤️",
            "1️⃣",
            "☺",
            "™",
            "🫠",
            "🪿",
            "😀",
            "👩🏿‍🚀",
            "🏳️‍🌈",
            "\uFE0F",
            "\u200D",
            "©",
            "🀄");

    private static final List<String> SPACES = List.of(
            " ", "  ", "    ", "\t", "\n", "\r", "\r\n", "\n\n", "\u000B", "\f", "\u0085", "\u00A0", "\u1680", "\u2003",
            "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\u200B", "\uFEFF", "\u180E", "\u001C", "\u001F");

    private static final List<String> NUMBERS = List.of(
            "0",
            "7",
            "42",
            "123",
            "1234",
            "00001234567",
            "3.14159",
            "1,000,000",
            "٣٤٥",
            "१२३४",
            "²³",
            "Ⅷ",
            "½",
            "①②",
            "௧",
            "𝟘𝟙𝟚𝟛",
            "〇",
            "1e-9",
            "0xFF",
            "v2.0",
            "2026-11-21",
            "١",
            "፩",
            "㊉",
            "𒐀");

    private static final List<String> PUNCTUATION = List.of(
            "...", "!!", "?", "->", "=>", "::", "//", "/", "\\", "'", "''", "\"", "`", "“", "”", "’", "—", "…", "¿",
            "。", "、", "「", "」", "$", "€", "+", "=", "~", "^", "|", "<", ">", "<|", "|>", "#", "@", "%", "&", "*", "_",
            "__", "-", "(", ")", "[", "]", "{", "}", "´", "¨", "¯", "§", "°", "‿", "⁀", "־", "،", "؛", "।", "\u00AD",
            "\u061C", "\u0000", "\u007F", "\u0080", "\uFFFD");

    private static final List<String> CONTRACTIONS = List.of(
            "'s",
            "'t",
            "'re",
            "'ve",
            "'m",
            "'ll",
            "'d",
            "'S",
            "'T",
            "'RE",
            "'Ve",
            "'M",
            "'lL",
            "'D",
            "'ſ",
            "'ſt",
            "'K",
            "’s",
            "'sa",
            "'rea",
            "'r",
            "'v",
            "'l",
            "''s",
            " 's",
            "\n's",
            "'İ",
            "'\u0301s",
            "'s\u0301");

    /** Characters whose meaning changes with what stands beside them: marks, joiners, halves of compositions. */
    private static final String COMBINING =
            "\u0300\u0301\u0303\u0308\u030C\u0323\u0327\u0328\u0345\u034F\u0483\u05B0\u05BC\u064B\u0651\u093C"
                    + "\u094D\u0E33\u0E49\u1160\u1161\u11A8\u1AB0\u1DC0\u20D0\u20DD\u302A\u3099\u309A\uFE20\uD834\uDD65\uD834\uDD6E";

    private static final String BASES =
            "aeiouAEIOUcgnszçḍṩậñåÅΩK가각かカハक\u1100\u1112\u212B\u2126\u0344\u0958\uFB1D\uF900";

    private final SplittableRandom random;
    private final List<String> tokens;
    private final List<IntFunction<String>> kinds;

    private TokenizerTexts(SplittableRandom random, List<String> tokens) {
        this.random = random;
        this.tokens = tokens.isEmpty() ? List.of("<|end|>") : tokens;
        kinds = List.of(
                this::prose,
                this::code,
                this::emoji,
                this::anything,
                this::combining,
                this::spaces,
                this::numbers,
                this::punctuation,
                this::contractions,
                this::specials,
                this::scripts,
                this::neighbours,
                this::cases,
                this::repeated);
    }

    /**
     * Texts of all kinds in turn.
     *
     * @param tokens what is to occur inside texts besides: added tokens of the vocabulary
     */
    public static Stream<String> texts(long seed, int count, List<String> tokens) {
        SplittableRandom seeds = new SplittableRandom(seed);
        return IntStream.range(0, count).mapToObj(i -> new TokenizerTexts(seeds.split(), tokens).text(i));
    }

    private String text(int index) {
        return WellFormedText.of(kinds.get(index % kinds.size()).apply(1 + random.nextInt(12)));
    }

    private String prose(int size) {
        String[] words = PROSE.get(random.nextInt(PROSE.size())).split(" ", -1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4 * size; i++) {
            text.append(words[random.nextInt(words.length)]).append(oneIn(8) ? pick(PUNCTUATION) : "");
            text.append(oneIn(20) ? pick(SPACES) : " ");
        }
        return normalized(text.toString());
    }

    private String code(int size) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1 + size / 3; i++) {
            String snippet = pick(CODE);
            text.append(oneIn(3) ? snippet.substring(random.nextInt(snippet.length())) : snippet);
            text.append(oneIn(3) ? " ".repeat(random.nextInt(20)) : "");
        }
        return text.toString();
    }

    private String emoji(int size) {
        return joined(size, _ -> oneIn(3) ? pick(word(), pick(SPACES), pick(NUMBERS)) : pick(EMOJI));
    }

    /** Every code point alike, most of them unassigned. */
    private String anything(int size) {
        return joined(size, _ -> Character.toString(scalar(Character.MAX_CODE_POINT + 1)));
    }

    private String combining(int size) {
        return normalized(joined(
                3 * size,
                _ -> pick(
                        one(COMBINING),
                        one(COMBINING),
                        one(BASES),
                        one(BASES),
                        oneIn(4) ? pick(SPACES) : "'",
                        one(" \n-1"))));
    }

    private String spaces(int size) {
        return joined(
                size,
                _ -> oneIn(4)
                        ? pick(word(), pick(PUNCTUATION), pick(NUMBERS))
                        : pick(SPACES).repeat(1 + random.nextInt(5)));
    }

    private String numbers(int size) {
        return joined(size, _ -> oneIn(3) ? pick(word(), pick(SPACES), pick(PUNCTUATION)) : pick(NUMBERS));
    }

    private String punctuation(int size) {
        return joined(size, _ -> oneIn(3) ? pick(word(), pick(SPACES), pick(NUMBERS)) : pick(PUNCTUATION));
    }

    private String contractions(int size) {
        return joined(
                size,
                _ -> oneIn(3) ? pick(pick(SPACES), pick(PUNCTUATION), pick(NUMBERS)) : word() + pick(CONTRACTIONS));
    }

    private String specials(int size) {
        return joined(size, _ -> {
            String token = pick(tokens);
            return pick(
                    token,
                    token,
                    word(),
                    pick(SPACES),
                    token.substring(random.nextInt(token.length())),
                    pick(PUNCTUATION));
        });
    }

    /** Low planes, where the scripts are. */
    private String scripts(int size) {
        return joined(
                4 * size,
                _ -> oneIn(8)
                        ? pick(SPACES)
                        : Character.toString(scalar(pick(0x250, 0x800, 0x3100, 0x10000, 0x20000))));
    }

    /** Characters of one block beside each other. */
    private String neighbours(int size) {
        int block = scalar(pick(0x3100, 0x20000)) & ~0x7F;
        return normalized(joined(4 * size, _ -> oneIn(6) ? " " : Character.toString(block + random.nextInt(0x80))));
    }

    /** Upper and lower case in every order, which some splitters care for. */
    private String cases(int size) {
        return joined(3 * size, _ -> {
            String word = word();
            return pick(
                    word.toUpperCase(Locale.ROOT),
                    word.toLowerCase(Locale.ROOT),
                    word,
                    one("aZǅʰªßİ中\u0301'1 /"),
                    one("AzÄß \n\r"),
                    oneIn(4) ? pick(CONTRACTIONS) : "/");
        });
    }

    /** Long runs of one thing. */
    private String repeated(int size) {
        return pick(pick(SPACES), word(), pick(NUMBERS), pick(EMOJI), pick(PUNCTUATION), one(COMBINING))
                        .repeat(1 + random.nextInt(5 * size * size))
                + word();
    }

    private String word() {
        return pick(PROSE.get(random.nextInt(PROSE.size())).split(" ", -1));
    }

    private String normalized(String text) {
        return switch (random.nextInt(6)) {
            case 0 -> Normalizer.normalize(text, Normalizer.Form.NFD);
            case 1 -> Normalizer.normalize(text, Normalizer.Form.NFC);
            default -> text;
        };
    }

    private int scalar(int limit) {
        int codePoint = random.nextInt(limit);
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
                ? codePoint & 0xFFF
                : codePoint;
    }

    private String joined(int count, IntFunction<String> part) {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, count).mapToObj(part).forEach(text::append);
        return text.toString();
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String one(String characters) {
        int[] codePoints = characters.codePoints().toArray();
        return Character.toString(pick(codePoints));
    }
}
