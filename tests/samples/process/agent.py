"""An agent as a program: the request comes on standard input, plain lines are the answer, JSON lines are events."""
import json, sys

request = json.load(sys.stdin)
text = request["input"] if isinstance(request["input"], str) else request["input"][-1]["content"]
print(json.dumps({"event_type": "thought", "content": "Thinking."}), flush=True)
for word in text.split():
    print(word.upper(), flush=True)
with open("out/answer.txt", "w") as file:
    file.write(text.upper())
