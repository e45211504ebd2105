// Checks a live server with OpenAI's own SDK for Node: one line `ok <name>` for each check, exit status 1 if any fails.
//
// CONCH_BASE_URL (http://127.0.0.1:8080/v1) says where the server is; CONCH_API_KEY, if set, is a key that it takes, and then a wrong
// one must be turned away. This file is about chat as everybody uses it; the other probe-*.mjs, each about what its name says, have the
// same form. No check generates more than 16 tokens for a choice, and what the model says is never compared.
import assert from "node:assert/strict";
import { AuthenticationError, BadRequestError, NotFoundError } from "openai";
import {
  apiKey, ask, assertRefused, assertUsage, chunksOf, client, finishReasons, MODEL, QUESTION, runChecks, textOf, YEAR_2025,
} from "./live-server.mjs";

const MANY_SCRIPTS = "Grüße, мир, 日本語, 한국어, 👩‍👩‍👧 and 𝒞";
const COMMON_LETTERS = ["e", "a", "o", "t"];

const checks = {
  async "lists models"() {
    const models = (await client.models.list()).data;
    assert.ok(models.some((model) => model.id === MODEL), `no ${MODEL} among ${models.map((model) => model.id)}`);
    assert.ok(models.every((model) => model.object === "model" && model.created > YEAR_2025 && model.owned_by));
  },

  async "retrieves a model"() {
    const model = await client.models.retrieve(MODEL);
    assert.equal(model.id, MODEL);
    assert.ok(model.max_model_len >= 4096, `max_model_len: ${model.max_model_len}`);
  },

  async "does not find an unknown model"() {
    await assert.rejects(client.models.retrieve("no-such-model"), (error) => {
      assert.equal(error.constructor, NotFoundError);
      assert.equal(error.code, "model_not_found");
      return true;
    });
  },

  async answers() {
    const answer = await ask();
    assert.match(answer.id, /^chatcmpl-/);
    assert.equal(answer.object, "chat.completion");
    assert.ok(answer.created > YEAR_2025, `created: ${answer.created}`);
    assert.equal(answer.model, MODEL);
    assert.equal(answer.choices.length, 1);
    assert.equal(answer.choices[0].message.role, "assistant");
    assert.ok(answer.choices[0].message.content.length > 0, "content is empty");
    assert.ok(["stop", "length"].includes(answer.choices[0].finish_reason), answer.choices[0].finish_reason);
    assertUsage(answer.usage, 8);
  },

  async "names each answer"() {
    const [first, second] = [await ask({ max_completion_tokens: 1 }), await ask({ max_completion_tokens: 1 })];
    assert.match(first._request_id, /^req_/);
    assert.notEqual(first._request_id, second._request_id);
    assert.notEqual(first.id, second.id);
  },

  async streams() {
    const chunks = await chunksOf(ask({ stream: true }));
    assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1, "chunks have different ids");
    assert.ok(chunks.every((chunk) => chunk.object === "chat.completion.chunk"));
    assert.deepEqual(chunks.map((chunk) => chunk.choices[0].delta.role).filter(Boolean), ["assistant"]);
    assert.equal(chunks[0].choices[0].delta.role, "assistant");
    assert.ok(textOf(chunks), "the deltas have no text");
    assert.equal(finishReasons(chunks).length, 1);
    assert.ok(chunks.at(-1).choices[0].finish_reason, "the last chunk has no finish_reason");
    assert.ok(chunks.every((chunk) => !chunk.usage), "there is a usage that nobody asked for");
  },

  async "streams usage last"() {
    const chunks = await chunksOf(ask({ stream: true, stream_options: { include_usage: true } }));
    const last = chunks.pop();
    assert.deepEqual(last.choices, []);
    assertUsage(last.usage, 8);
    assert.ok(chunks.every((chunk) => chunk.choices.length > 0 && chunk.usage === null), "an earlier chunk has a usage");
  },

  async "folds a stream with the SDK"() {
    let text = "";
    const stream = client.chat.completions.stream({ model: MODEL, messages: QUESTION, max_completion_tokens: 8 });
    stream.on("content", (delta) => (text += delta));
    const { message } = (await stream.finalChatCompletion()).choices[0];
    assert.ok(text, "there is no text");
    assert.equal(message.content, text);
    assert.equal(message.role, "assistant");
  },

  async "stops at a stop string"() {
    const [choice] = (await ask({ stop: " ", max_completion_tokens: 16 })).choices;
    assert.ok(!choice.message.content.includes(" "), `content has the stop string: ${choice.message.content}`);
    assert.equal(choice.finish_reason, "stop");
  },

  async "stops a stream at the first of several"() {
    const chunks = await chunksOf(ask({ stream: true, stop: COMMON_LETTERS, max_completion_tokens: 16 }));
    assert.ok(COMMON_LETTERS.every((letter) => !textOf(chunks).includes(letter)), `stop string in ${textOf(chunks)}`);
    assert.deepEqual(finishReasons(chunks), ["stop"]);
  },

  async "counts to the limit"() {
    for (const limit of [{ max_completion_tokens: 2 }, { max_completion_tokens: null, max_tokens: 2 }]) {
      const answer = await ask(limit);
      assert.equal(answer.choices[0].finish_reason, "length");
      assert.equal(answer.usage.completion_tokens, 2);
    }
  },

  async "takes all roles"() {
    const conversation = [
      { role: "system", content: "You are brief." },
      { role: "developer", content: "Answer in English." },
      { role: "user", name: "ada", content: "What is the time?" },
      { role: "assistant", content: "I look at the clock." },
      { role: "tool", tool_call_id: "call_1", content: "12:00" },
    ];
    let before = 0;
    for (let length = 3; length <= conversation.length; length++) {
      const { usage } = await ask({ messages: conversation.slice(0, length), max_completion_tokens: 1 });
      assert.ok(usage.prompt_tokens > before, `prompt_tokens do not grow with message ${length}`);
      before = usage.prompt_tokens;
    }
  },

  async "takes text parts"() {
    const parts = [{ type: "text", text: QUESTION[0].content }];
    const asParts = await ask({ messages: [{ role: "user", content: parts }], max_completion_tokens: 1 });
    const asString = await ask({ max_completion_tokens: 1 });
    assert.equal(asParts.usage.prompt_tokens, asString.usage.prompt_tokens);
  },

  async "keeps characters whole"() {
    const text = textOf(await chunksOf(ask({ stream: true, messages: [{ role: "user", content: MANY_SCRIPTS }], max_completion_tokens: 16 })));
    assert.ok(text.isWellFormed(), "half a surrogate pair");
    const error = await assertRefused(ask({ model: MANY_SCRIPTS }), NotFoundError, "model_not_found", "model");
    assert.ok(error.message.includes(MANY_SCRIPTS), error.message);
  },

  async "refuses an unknown model"() {
    await assertRefused(ask({ model: "gpt-4o" }), NotFoundError, "model_not_found", "model");
    await assertRefused(ask({ model: "gpt-4o", stream: true }), NotFoundError, "model_not_found", "model");
  },

  async "refuses a bad temperature"() {
    await assertRefused(ask({ temperature: 2.5 }), BadRequestError, "invalid_value", "temperature");
  },

  async "refuses more than the context"() {
    await assertRefused(ask({ max_completion_tokens: 1_000_000 }), BadRequestError, "context_length_exceeded", "messages");
  },

  async "refuses what it does not honour"() {
    const prediction = { type: "content", content: "Because of the salt." };
    const error = await assertRefused(ask({ prediction }), BadRequestError, "unsupported_parameter", "prediction");
    assert.match(error.message, /'prediction'/);
  },

  async "survives a stream that is closed early"() {
    for (let i = 0; i < 3; i++) {
      const stream = await ask({ stream: true, max_completion_tokens: 16 });
      for await (const _ of stream) {
        break; // the SDK aborts the request
      }
    }
    assertUsage((await ask()).usage, 8);
  },
};

if (apiKey) {
  checks["refuses a wrong key"] = () =>
    assert.rejects(client.withOptions({ apiKey: `not-${apiKey}` }).models.list(), (error) => {
      assert.equal(error.constructor, AuthenticationError);
      assert.equal(error.code, "invalid_api_key");
      return true;
    });
}

await runChecks(checks);
