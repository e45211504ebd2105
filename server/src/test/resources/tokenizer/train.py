"""Trains the tiny byte-level BPE of this folder and writes what the library itself says of some texts: tokenizer.json, golden.json."""

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

CORPUS = [
    "The conch is the horn through which Triton makes itself heard. When he blows it, the waves of the sea rise or lie down.",
    "You are a helpful assistant. Answer in one sentence, and say so when you do not know.",
    "public static void main(String[] args) { System.out.println(\"Hello, world!\"); }",
    "def add(a, b):\n    return a + b\n\nprint(add(1, 2))\n",
    "Die Muschel ist das Horn, durch das sich Triton Gehör verschafft; größere Wellen legen sich wieder.",
    "La conque est la corne par laquelle Triton se fait entendre, à côté des vagues de l'océan.",
    "Раковина — это рог, через который слышен Тритон. Волны моря поднимаются и опускаются.",
    "海螺是特里同发出声音的号角。他吹响它时，海浪就会升起或平息。",
    "ほら貝はトリトンの声を伝える角笛です。波が静まります。",
    "소라는 트리톤의 목소리를 전하는 뿔피리입니다.",
    "It's what they've said: we'll see, I'd guess, that you're right. 12345 67890 3.14159",
    "🐚🌊 Hello 👋🏽, wörld! 😀😁😂 \t tabs and  double   spaces\r\n",
    "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\", \"unit\": \"celsius\"}}",
]

TEXTS = [
    "",
    "Hello, world!",
    "<|im_start|>user\nWhat is the sea?<|im_end|>\n<|im_start|>assistant\n",
    "naïve café größer 海螺 ほら貝 소라 🐚👋🏽 \u0000 \u00a0 \u2028",
    "  leading, trailing and\n\n\nmany\t\tspaces   ",
    "<think>so</think> <|im_end|><|im_end|> <|im_en d|>",
    "It's 12345, isn't it? we'LL see",
]


def main():
    folder = Path(__file__).parent
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=640,
        min_frequency=2,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS * 2, trainer)
    tokenizer.add_tokens([AddedToken("<think>", normalized=False), AddedToken("</think>", normalized=False)])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    golden = [{"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids} for text in TEXTS]
    lines = ",\n".join("  " + json.dumps(case) for case in golden)
    (folder / "golden.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
