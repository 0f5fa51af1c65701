"""The same with a thread for each request. Nothing is kept."""
import json
import queue
import sys
import threading

from flask import Flask, Response, request

app = Flask(__name__)


@app.post("/chat")
def chat():
    count = int(request.get_json()["messages"][0]["content"].split()[1])
    events = queue.Queue(1000)

    def agent():
        for number in range(1, count + 1):
            events.put({"choices": [{"index": 0, "delta": {"content": f"t{number} "}}]})
        events.put(None)

    def frames():
        threading.Thread(target=agent).start()
        while (event := events.get()) is not None:
            yield f"data: {json.dumps(event)}\n\n"
        yield "data: [DONE]\n\n"

    return Response(frames(), mimetype="text/event-stream")


app.run("127.0.0.1", int(sys.argv[1]), threaded=True)
