#!/bin/sh
# An agent as a program: the request comes on standard input, plain lines are the answer, JSON lines are events.
text=$(sed 's/.*"input":"\([^"]*\)".*/\1/')
echo '{"event_type":"thought","content":"Thinking."}'
for word in $text; do echo "$word" | tr a-z A-Z; done
printf %s "$text" | tr a-z A-Z > out/answer.txt
