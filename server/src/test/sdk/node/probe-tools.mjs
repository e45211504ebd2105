// Calls of functions and answers of a form, forced, at temperature 1, each CONCH_REPEATS times (10), through the SDK's helpers. Form and
// rules: probe.mjs.
import assert from "node:assert/strict";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { chatBody, client, choicesOf, chunksOf, ask, finishReasons, runChecks } from "./live-server.mjs";

const REPEATS = Number(process.env.CONCH_REPEATS || 10);
const AT_ONCE = 5;
const FREE = { max_completion_tokens: 200, temperature: 1 };
const Weather = z.object({ city: z.enum(["Zürich", "Oslo"]), days: z.number().int().min(1).max(9) }).strict();
const Plan = z.object({ kind: z.enum(["short", "long"]), steps: z.array(z.string().max(12)).min(1).max(2) }).strict();
const weather = zodFunction({ name: "get_weather", parameters: Weather });

const repeated = (check) => async () => {
  for (let done = 0; done < REPEATS; done += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, REPEATS - done) }, check));
  }
};

await runChecks({
  "parses calls with zod": repeated(async () => {
    const answer = await client.chat.completions.parse(
      chatBody({ ...FREE, tools: [weather], tool_choice: "required", parallel_tool_calls: false }),
    );
    const [choice] = answer.choices;
    assert.equal(choice.finish_reason, "tool_calls");
    Weather.parse(choice.message.tool_calls[0].function.parsed_arguments);
  }),

  "streams calls": repeated(async () => {
    const chunks = await chunksOf(ask({ ...FREE, tools: [weather], tool_choice: "required", parallel_tool_calls: false, stream: true }));
    const [first, ...rest] = choicesOf(chunks).flatMap((choice) => choice.delta.tool_calls ?? []);
    assert.equal(first.function.name, "get_weather");
    assert.ok(rest.every((delta) => delta.index === 0 && delta.id === undefined && delta.function.name === undefined));
    Weather.parse(JSON.parse(rest.map((delta) => delta.function.arguments).join("")));
    assert.deepEqual(finishReasons(chunks), ["tool_calls"]);
  }),

  "parses a form with zod": repeated(async () => {
    const answer = await client.chat.completions.parse(chatBody({ ...FREE, response_format: zodResponseFormat(Plan, "plan") }));
    Plan.parse(answer.choices[0].message.parsed);
  }),

  "streams and parses a form with zod": repeated(async () => {
    const stream = client.chat.completions.stream(chatBody({ ...FREE, response_format: zodResponseFormat(Plan, "plan") }));
    Plan.parse((await stream.finalChatCompletion()).choices[0].message.parsed);
  }),

  "runs tools": repeated(async () => {
    const called = [];
    const tool = {
      type: "function",
      function: {
        name: "get_weather",
        parameters: z.toJSONSchema(Weather),
        parse: (text) => Weather.parse(JSON.parse(text)),
        function: (place) => {
          called.push(place);
          return "12 °C";
        },
      },
    };
    const runner = client.chat.completions.runTools(
      chatBody({ ...FREE, tools: [tool], tool_choice: { type: "function", function: { name: "get_weather" } }, parallel_tool_calls: false }),
    );
    await runner.finalChatCompletion();
    assert.equal(called.length, 1);
    assert.equal(runner.messages.at(-1).content, "12 °C");
  }),
});
