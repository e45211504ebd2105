import OpenAI from "openai";

const client = new OpenAI({
  baseURL: process.env.CONCH_BASE_URL || "http://127.0.0.1:8080/v1",
  apiKey: process.env.CONCH_API_KEY || "unused",
});

const stream = await client.chat.completions.create({
  model: "smollm2-135m-instruct",
  messages: [{ role: "user", content: "Why is the sea salty?" }],
  max_completion_tokens: 16,
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0].delta.content ?? "");
}
process.stdout.write("\n");
