// Legacy completions, headers and refusals by name. Form and rules: probe.mjs.
import assert from "node:assert/strict";
import { BadRequestError, NotFoundError } from "openai";
import { ask, assertRefused, assertUsage, chatBody, chunksOf, client, complete, MODEL, runChecks } from "./live-server.mjs";

const PROMPT = "The sea is";
const joined = (chunks, index = 0) =>
  chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.index === index).map((choice) => choice.text).join("");
const tokens = async (prompt) => (await client.post("/tokenize", { body: { model: MODEL, prompt } })).tokens;

await runChecks({
  async "completes a text"() {
    const answer = await complete();
    assert.match(answer.id, /^cmpl-/);
    assert.equal(answer.object, "text_completion");
    assert.equal(answer.choices.length, 1);
    assert.ok(answer.choices[0].text, "there is no text");
    assert.equal(answer.choices[0].logprobs, null);
    assertUsage(answer.usage, 8);
  },

  async "completes token ids, and lists"() {
    const ids = await tokens(PROMPT);
    const byIds = await complete({ prompt: ids });
    assert.equal(byIds.usage.prompt_tokens, ids.length);
    for (const prompt of [[PROMPT, "A river has"], [ids, ids]]) {
      const answer = await complete({ prompt, n: 2, max_tokens: 2 });
      assert.deepEqual(answer.choices.map((choice) => choice.index), [0, 1, 2, 3]);
    }
  },

  async "echoes the prompt"() {
    assert.ok((await complete({ echo: true })).choices[0].text.startsWith(PROMPT));
  },

  async "returns the best of several"() {
    const answer = await complete({ best_of: 3, temperature: 1 });
    assert.equal(answer.choices.length, 1);
    assert.ok(answer.usage.completion_tokens > 8, `completion_tokens: ${answer.usage.completion_tokens}`);
  },

  async "tells logprobs"() {
    const [{ text, logprobs }] = (await complete({ logprobs: 2 })).choices;
    assert.equal(logprobs.tokens.join(""), text);
    assert.equal(logprobs.token_logprobs.length, logprobs.tokens.length);
    assert.equal(logprobs.top_logprobs.length, logprobs.tokens.length);
    assert.equal(logprobs.text_offset[0], 0);
  },

  async streams() {
    const chunks = await chunksOf(complete({ stream: true, stream_options: { include_usage: true } }));
    assertUsage(chunks.pop().usage, 8);
    assert.equal(joined(chunks), (await complete()).choices[0].text);
  },

  async "streams several prompts"() {
    const chunks = await chunksOf(complete({ prompt: [PROMPT, "A river has"], n: 2, stream: true }));
    for (const index of [0, 1, 2, 3]) {
      assert.ok(joined(chunks, index), `choice ${index} has no text`);
    }
  },

  async "takes extensions"() {
    const answer = await ask({ top_k: 1, min_p: 0.1, ignore_eos: true, min_tokens: 3, return_token_ids: true, bad_words: ["salt"] });
    assert.equal(answer.usage.completion_tokens, 8);
    assert.equal(answer.choices[0].token_ids.length, 8);
    assert.doesNotMatch(answer.choices[0].message.content, /\bsalt\b/);
  },

  async "tells headers"() {
    const { data, response, request_id: requestId } = await client.chat.completions.create(chatBody()).withResponse();
    assertUsage(data.usage, 8);
    assert.equal(response.headers.get("x-request-id"), requestId);
    assert.ok(Number(response.headers.get("openai-processing-ms")) >= 0);
  },

  async "refuses by name"() {
    for (const [parameters, code, param] of [
      [{ temperature: 3 }, "invalid_value", "temperature"],
      [{ n: 17 }, "integer_above_max_value", "n"],
      [{ logprobs: true, top_logprobs: 21 }, "integer_above_max_value", "top_logprobs"],
      [{ stop: ["a", "b", "c", "d", "e"] }, "array_above_max_length", "stop"],
      [{ messages: [{ role: "user", content: 7 }] }, "invalid_type", "messages[0].content"],
      [{ store: true }, "unsupported_parameter", "store"],
      [{ response_format: { type: "grammar" } }, "invalid_value", "response_format.type"],
      [{ cache_salt: "a" }, "unsupported_parameter", "cache_salt"],
    ]) {
      await assertRefused(ask(parameters), BadRequestError, code, param);
      await assertRefused(ask({ ...parameters, stream: true }), BadRequestError, code, param);
    }
    await assertRefused(complete({ suffix: "." }), BadRequestError, "unsupported_parameter", "suffix");
    await assertRefused(complete({ best_of: 2, stream: true }), BadRequestError, "invalid_value", "best_of");
    await assertRefused(complete({ model: "gpt-3.5-turbo-instruct" }), NotFoundError, "model_not_found", "model");
    await assertRefused(client.embeddings.create({ model: MODEL, input: "a" }), NotFoundError, "unknown_url", null);
  },
});
