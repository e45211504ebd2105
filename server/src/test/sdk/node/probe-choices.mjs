// Several choices, log-probabilities, the SDK's own folds, and streams that are aborted. Form and rules: probe.mjs.
import assert from "node:assert/strict";
import { APIUserAbortError } from "openai";
import {
  ask, assertUsage, chatBody, choicesOf, chunksOf, client, finishReasons, runChecks, textOf,
} from "./live-server.mjs";

const encoder = new TextEncoder();

function assertLogprobs(content, text, alternatives) {
  assert.ok(content.length > 0, "there are no logprobs");
  assert.deepEqual(content.flatMap((entry) => entry.bytes), [...encoder.encode(text)], "the bytes are not those of the text");
  for (const entry of content) {
    assert.ok(entry.logprob <= 0 && Number.isFinite(entry.logprob), `logprob: ${entry.logprob}`);
    assert.equal(entry.top_logprobs.length, alternatives);
  }
}

await runChecks({
  async "answers n times"() {
    const answer = await ask({ n: 3, temperature: 2, max_completion_tokens: 16 });
    assert.deepEqual(answer.choices.map((choice) => choice.index), [0, 1, 2]);
    assert.ok(new Set(answer.choices.map((choice) => choice.message.content)).size > 1, "three times the same");
    assertUsage(answer.usage, 48);
  },

  async "streams n choices"() {
    const chunks = await chunksOf(ask({ n: 3, temperature: 1.5, stream: true, stream_options: { include_usage: true } }));
    assertUsage(chunks.pop().usage, 24);
    for (const index of [0, 1, 2]) {
      assert.ok(textOf(chunks, index), `choice ${index} has no text`);
      assert.equal(finishReasons(chunks, index).length, 1);
      assert.deepEqual(choicesOf(chunks, index).map((choice) => choice.delta.role).filter(Boolean), ["assistant"]);
    }
  },

  async "tells logprobs"() {
    const [choice] = (await ask({ logprobs: true, top_logprobs: 3 })).choices;
    assertLogprobs(choice.logprobs.content, choice.message.content, 3);
  },

  async "streams logprobs"() {
    const chunks = await chunksOf(ask({ logprobs: true, top_logprobs: 2, stream: true }));
    assertLogprobs(choicesOf(chunks).flatMap((choice) => choice.logprobs?.content ?? []), textOf(chunks), 2);
  },

  async "folds n choices with the SDK"() {
    const stream = client.chat.completions.stream(chatBody({ n: 2, temperature: 1, stream_options: { include_usage: true } }));
    const events = [];
    stream.on("chunk", () => events.push("chunk")).on("finalChatCompletion", () => events.push("final"));
    const final = await stream.finalChatCompletion();
    assert.deepEqual(final.choices.map((choice) => choice.index), [0, 1]);
    assert.ok(final.choices.every((choice) => choice.message.role === "assistant" && choice.finish_reason));
    assert.ok(events.length > 2 && events.at(-1) === "final", `events: ${events}`);
    assertUsage(final.usage, 16);
    assertUsage(await stream.totalUsage(), 16);
  },

  async "folds logprobs with the SDK"() {
    const stream = client.chat.completions.stream(chatBody({ logprobs: true, top_logprobs: 1 }));
    const [choice] = (await stream.finalChatCompletion()).choices;
    assertLogprobs(choice.logprobs.content, await stream.finalContent(), 1);
  },

  async "gives a stream away and takes it back"() {
    const stream = client.chat.completions.stream(chatBody());
    const again = client.chat.completions.stream(chatBody());
    const { ChatCompletionStream } = await import("openai/lib/ChatCompletionStream");
    const copy = ChatCompletionStream.fromReadableStream(stream.toReadableStream());
    assert.equal(await copy.finalContent(), await again.finalContent());
  },

  async "lets a request be aborted"() {
    const aborting = new AbortController();
    const stream = await client.chat.completions.create(chatBody({ stream: true, max_completion_tokens: 512 }), { signal: aborting.signal });
    let chunks = 0;
    for await (const _ of stream) {
      if (++chunks === 3) {
        aborting.abort();
      }
    }
    assert.ok(chunks < 20, `chunks behind the abort: ${chunks - 3}`);
    assertUsage((await ask()).usage, 8);
  },

  async "lets the SDK's fold be aborted"() {
    const stream = client.chat.completions.stream(chatBody({ n: 2, max_completion_tokens: 512 }));
    stream.once("content", () => stream.abort());
    await assert.rejects(stream.finalChatCompletion(), APIUserAbortError);
    assertUsage((await ask()).usage, 8);
  },
});
