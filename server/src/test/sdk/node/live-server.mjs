// The server that the probes look at: how it is asked, what is expected of any answer and any refusal, and how checks are run.
//
// CONCH_BASE_URL (http://127.0.0.1:8080/v1) says where it is, CONCH_API_KEY which key to show.
import assert from "node:assert/strict";
import OpenAI from "openai";

export const MODEL = "smollm2-135m-instruct";
export const QUESTION = [{ role: "user", content: "Why is the sea salty?" }];
export const YEAR_2025 = 1_735_689_600;

export const apiKey = process.env.CONCH_API_KEY;
export const client = new OpenAI({
  baseURL: process.env.CONCH_BASE_URL || "http://127.0.0.1:8080/v1",
  apiKey: apiKey || "unused",
  maxRetries: 0, // a failure that the SDK hides by asking again is a failure
  timeout: 300_000, // of the longest answer, on cores that have other work too
});

export const chatBody = (parameters = {}) => ({ model: MODEL, messages: QUESTION, max_completion_tokens: 8, temperature: 0, ...parameters });

export const ask = (parameters = {}) => client.chat.completions.create(chatBody(parameters));

export const complete = (parameters = {}) =>
  client.completions.create({ model: MODEL, prompt: "The sea is", max_tokens: 8, temperature: 0, ...parameters });

/** The chunks of a stream that was asked for, such as by `ask({ stream: true })`. */
export async function chunksOf(stream) {
  const chunks = [];
  for await (const chunk of await stream) {
    chunks.push(chunk);
  }
  return chunks;
}

export async function assertRefused(answer, kind, code, param) {
  const error = await answer.then(
    () => assert.fail(`was answered (expected: ${kind.name} ${code})`),
    (refusal) => refusal,
  );
  assert.equal(error.constructor, kind, `${error.name}: ${error.message}`);
  const { code: actualCode, param: actualParam, type } = error;
  assert.deepEqual({ actualCode, actualParam, type }, { actualCode: code, actualParam: param, type: "invalid_request_error" });
  assert.match(error.requestID, /^req_/);
  return error;
}

export function assertUsage(usage, mostTokens) {
  assert.ok(usage.prompt_tokens > 0, `prompt_tokens: ${usage.prompt_tokens}`);
  assert.ok(usage.completion_tokens > 0 && usage.completion_tokens <= mostTokens, `completion_tokens: ${usage.completion_tokens}`);
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
}

export const choicesOf = (chunks, index) =>
  chunks.flatMap((chunk) => chunk.choices).filter((choice) => index === undefined || choice.index === index);
export const textOf = (chunks, index) => choicesOf(chunks, index).map((choice) => choice.delta.content ?? "").join("");
export const finishReasons = (chunks, index) => choicesOf(chunks, index).flatMap((choice) => choice.finish_reason ?? []);

/** Prints one line for each check, `ok <name>` or `FAILED <name>: <why>`; the program ends with status 1 if one failed. */
export async function runChecks(checks) {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok ${name}`);
    } catch (failure) {
      console.log(`FAILED ${name}: ${failure.message}`);
      process.exitCode = 1;
    }
  }
}
