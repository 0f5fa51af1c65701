"""What many write first: a queue between the agent and the one client that reads it. Nothing is kept."""
import asyncio
import json
import sys

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.post("/chat")
async def chat(request: Request):
    body = await request.json()
    count = int(body["messages"][0]["content"].split()[1])
    queue = asyncio.Queue(1000)

    async def agent():
        for number in range(1, count + 1):
            await queue.put({"choices": [{"index": 0, "delta": {"content": f"t{number} "}}]})
        await queue.put(None)

    async def frames():
        running = asyncio.create_task(agent())
        while (event := await queue.get()) is not None:
            yield f"data: {json.dumps(event)}\n\n"
        yield "data: [DONE]\n\n"
        await running

    return StreamingResponse(frames(), media_type="text/event-stream")


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
