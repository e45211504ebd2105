"""Asks the real model for guided answers, many at a time."""

import json
from dataclasses import dataclass

from prompts import END_OF_TURN, TOKENIZER_FILE, chat

WILD = {"runtime_top_p": 1.0, "temperature": 1.0}


@dataclass(frozen=True)
class Answer:
    ids: tuple
    finish_reason: str | None
    error: str | None

    @property
    def finished(self):
        return self.finish_reason == "stop"

    @property
    def text(self):
        return TOKENIZER_FILE.decode(list(self.ids), skip_special_tokens=False)


def guide(kind, text=None):
    """The two tensors."""
    tensors = {"guided_decoding_guide_type": kind.encode()}
    if text is not None:
        tensors["guided_decoding_guide"] = (text if isinstance(text, str) else json.dumps(text)).encode()
    return tensors


def tag(form):
    """The tensors of a structural tag with this format."""
    return guide("structural_tag", {"type": "structural_tag", "format": form})


def ask_all(client, guides, prompt="Answer in the format.", tokens=200, **values):
    """An answer for each of the guides, in their order, all asked for at once."""
    settings = {"end_id": END_OF_TURN, **WILD, **values}
    for number, tensors in enumerate(guides):
        client.generate(chat(prompt), tokens, request_id=str(number), **{"seed": number, **settings, **tensors})
    answers, errors = {}, []
    for _ in guides:
        response = client.next()
        if response.error:
            errors.append(response.error)
        else:
            answers[int(response.request_id)] = Answer(tuple(response.ids), response.finish_reason, None)
    left = iter(errors)
    return [answers.get(number) or Answer((), None, next(left)) for number in range(len(guides))]


def ask(client, tensors, **values):
    [answer] = ask_all(client, [tensors], **values)
    return answer


def most_finished(answers, share=0.9):
    """Whether no more of them were cut off than a model that writes at random may need."""
    return sum(answer.finished for answer in answers) >= share * len(answers)
