import OpenAI from "openai";

const client = new OpenAI({
  baseURL: process.env.CONCH_BASE_URL || "http://127.0.0.1:8080/v1",
  apiKey: process.env.CONCH_API_KEY || "unused",
});

const answer = await client.chat.completions.create({
  model: "smollm2-135m-instruct",
  messages: [{ role: "user", content: "Why is the sea salty?" }],
  max_completion_tokens: 16,
});
console.log(answer.choices[0].message.content);
