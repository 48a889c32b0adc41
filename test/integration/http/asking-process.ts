import { Agent, get } from "node:http";

// A page as it asks all the time, one question after the other. At each message it tells how long each answer took, ms.

const [port = 0] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true });
const PAUSE_MS = 20;
const answersMs: number[] = [];

function ask(): void {
  const begunMs = performance.now();
  const path = answersMs.length % 2 === 0 ? "/api/v1/tags" : "/healthz";
  const question = get({ agent, host: "127.0.0.1", port, path }, (answer) => {
    answer.resume().on("end", () => {
      answersMs.push(answer.statusCode === 200 ? performance.now() - begunMs : Infinity);
      setTimeout(ask, PAUSE_MS);
    });
  });
  question.on("error", () => {
    answersMs.push(Infinity);
    setTimeout(ask, PAUSE_MS);
  });
}

ask();
process.on("message", () => process.send?.(answersMs.map((ms) => (ms === Infinity ? null : ms))));
process.on("disconnect", () => process.exit());
