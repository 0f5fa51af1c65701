"""An agent that runs anywhere: takes a task's id, pushes what it says. Repeats what it is not sure of; each event is kept once."""
import json, os, sys, time, urllib.error, urllib.request

url = f"{os.environ['STREAMRELAY_URL']}/v1/tasks/{sys.argv[1]}/events"
key = os.environ.get("STREAMRELAY_KEY")
sequence = 0


def push(event):
    global sequence
    headers = {"Content-Type": "application/json", "Producer-Id": "sample", "Producer-Epoch": "0", "Producer-Seq": str(sequence)}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(url, json.dumps(event).encode(), headers)
    while True:
        try:
            urllib.request.urlopen(request, timeout=10).close()
            break
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise
        except OSError:
            pass
        time.sleep(1)
    sequence += 1


push({"event_type": "thought", "content": "Counting."})
for number in range(1, 4):
    push({"event_type": "output", "content": f"{number} "})
push({"event_type": "end"})
