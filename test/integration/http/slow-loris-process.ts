import { connect } from "node:net";
import { setInterval } from "node:timers";

// Somebody who holds as many connections as asked for, half with headers that never end and half with bodies, a byte a second. What the
// server closes is opened anew. At each message it tells how long the connections lived that the server has closed.

const [port = 0, connections = 0] = process.argv.slice(2).map(Number);

type Kind = "headers" | "bodies";

const BEGINNINGS: Readonly<Record<Kind, string>> = {
  headers: "GET /api/v1/tags HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
  bodies:
    "POST /api/v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n[",
};

const livedS: Record<Kind, number[]> = { headers: [], bodies: [] };
let open = 0;

function hold(kind: Kind): void {
  const socket = connect(port, "127.0.0.1").resume();
  socket.on("error", () => undefined); // a connection that is closed while we write
  socket.once("connect", () => {
    const begunMs = performance.now();
    open++;
    socket.write(BEGINNINGS[kind]);
    const drip = setInterval(() => socket.write("0"), 1_000);
    socket.once("close", () => {
      clearInterval(drip);
      open--;
      livedS[kind].push((performance.now() - begunMs) / 1000);
    });
  });
  socket.once("close", () => hold(kind));
}

for (let count = 0; count < connections; count++) hold(count % 2 === 0 ? "headers" : "bodies");
process.on("message", () => process.send?.({ open, ...livedS }));
process.on("disconnect", () => process.exit());
