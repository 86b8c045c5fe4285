// One streamed answer of /v1/chat/completions. Calls heard(text) for each piece; resolves to what the server says at the end.
import { request } from "../csrf.js";

export async function ask(body, { signal, heard }) {
  const answer = await request("/v1/chat/completions", {
    method: "POST",
    json: { ...body, stream: true, stream_options: { include_usage: true } },
    headers: { Accept: "text/event-stream" },
    signal,
  });
  const end = { usage: null, reason: null };
  for await (const event of events(answer.body)) {
    if (event.error) throw new Error(event.error.message);
    const [choice] = event.choices;
    if (choice?.delta.content) heard(choice.delta.content);
    if (choice?.finish_reason) end.reason = choice.finish_reason;
    if (event.usage) end.usage = event.usage;
  }
  return end;
}

async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let unread = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    unread += value;
    const lines = unread.split("\n");
    unread = lines.pop();
    for (const line of lines) {
      if (!line.startsWith("data: ")) continue;
      const data = line.slice(6);
      if (data === "[DONE]") return;
      yield JSON.parse(data);
    }
  }
}
