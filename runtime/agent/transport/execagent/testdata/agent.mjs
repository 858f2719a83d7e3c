// An agent in Node that upper-cases a text: one task a line in, one reply a line out.
import { createInterface } from "node:readline";

let served = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  served += 1;
  console.error(`task ${task.taskId}`);
  console.log(JSON.stringify({ event: "progress", percent: 50, text: "half" }));
  console.log(JSON.stringify({ result: { text: task.input.text.toUpperCase(), served }, confidence: 0.75 }));
}
