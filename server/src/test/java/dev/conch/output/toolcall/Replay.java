package dev.conch.output.toolcall;

import dev.conch.output.parser.AnswerParser;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Feeds a text to fresh parsers of a dialect, cut in many ways. */
final class Replay {
    /** A text up to this long is cut at every place; of a longer one, this many places are drawn. */
    private static final int CUTS = 600;

    private static final int RANDOM_CHUNKINGS = 20;

    private final ToolFormat format;

    Replay(ToolFormat format) {
        this.format = format;
    }

    /** What comes of the text in these chunks. */
    List<Piece> pieces(List<String> chunks) {
        AnswerParser parser = format.newParser(Offered.FUNCTIONS);
        PieceRecorder recorder = new PieceRecorder();
        chunks.forEach(chunk -> parser.accept(chunk, recorder));
        parser.finish(recorder);
        return recorder.finished();
    }

    List<Piece> pieces(String text) {
        return pieces(text.isEmpty() ? List.of() : List.of(text));
    }

    /** How much of the arguments is out after the first half of the text, which comes in chunks of 16 characters. */
    int argumentsAtHalfTime(String text) {
        AnswerParser parser = format.newParser(Offered.FUNCTIONS);
        PieceRecorder recorder = new PieceRecorder();
        for (int i = 0; i < text.length() / 2; i += 16) {
            parser.accept(text.substring(i, i + 16), recorder);
        }
        return recorder.argumentCharacters();
    }

    /** One character at a time, in two halves cut anywhere, and at random places. */
    static Stream<List<String>> chunkings(String text) {
        Stream<List<String>> halves =
                places(text).mapToObj(cut -> List.of(text.substring(0, cut), text.substring(cut)));
        Stream<List<String>> random =
                IntStream.range(0, RANDOM_CHUNKINGS).mapToObj(seed -> chunks(text, new SplittableRandom(seed)));
        return Stream.concat(Stream.of(characters(text)), Stream.concat(halves, random));
    }

    /** Places inside of the text. */
    static IntStream places(String text) {
        return text.length() <= CUTS
                ? IntStream.range(1, text.length())
                : new SplittableRandom(text.length()).ints(CUTS / 20, 1, text.length());
    }

    private static List<String> characters(String text) {
        return text.chars().mapToObj(Character::toString).toList();
    }

    private static List<String> chunks(String text, SplittableRandom random) {
        List<String> chunks = new ArrayList<>();
        int longest = random.nextInt(1, 40);
        for (int start = 0; start < text.length(); ) {
            int end = Math.min(text.length(), start + random.nextInt(1, longest + 1));
            chunks.add(text.substring(start, end));
            start = end;
        }
        return chunks;
    }
}
