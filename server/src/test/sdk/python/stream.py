import os

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("CONCH_BASE_URL") or "http://127.0.0.1:8080/v1",
    api_key=os.environ.get("CONCH_API_KEY") or "unused",
)

stream = client.chat.completions.create(
    model="smollm2-135m-instruct",
    messages=[{"role": "user", "content": "Why is the sea salty?"}],
    max_completion_tokens=16,
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
