// A TCP proxy before a PostgreSQL server: it adds a round-trip time, counts round trips, statements and connections
// exactly, and can break off at a statement, or once before its answer. It understands the protocol's plain text only, and refuses TLS as a server
// without it does (the server behind it does that).
import net from "node:net";

/**
 * Starts a proxy on a free port of 127.0.0.1. `target`: `{ port, host }` or `{ path }` of the server; `rtt`: milliseconds,
 * half of them in each direction. A round trip is counted when the client sends after the server has spoken, so that what is
 * pipelined is one; and one more for TCP's own handshake. From `freeze` on nothing comes through, nor that either side has
 * gone, until `breakAll`.
 * @returns {Promise<{ port: number, stats(): { connections: number, roundTrips: number, statements: string[], bytesUp: number, bytesDown: number }, reset(): void, breakAt(pattern: RegExp | undefined, how?: "at once" | "silent" | "answered"): void, freeze(): void, breakAll(): void, close(): Promise<void> }>}
 */
export async function startLatencyProxy({ target, rtt = 0 }) {
  const pairs = new Set();
  let counts;
  let breaking;
  let frozen = false;
  const reset = () => {
    counts = { connections: 0, roundTrips: 0, statements: [], bytesUp: 0, bytesDown: 0 };
  };
  reset();

  const server = net.createServer({ noDelay: true }, (client) => {
    const upstream = net.connect({ ...target, noDelay: true });
    const toServer = delayed(rtt / 2, upstream);
    const toClient = delayed(rtt / 2, client);
    let silent = false;
    let answerLost = false;
    let serverSpoke = true;
    let handshake = rtt;
    const destroy = () => {
      toServer.stop();
      toClient.stop();
      client.destroy();
      upstream.destroy();
      pairs.delete(destroy);
    };
    pairs.add(destroy);
    counts.connections++;
    counts.roundTrips++;
    const statement = (text) => {
      counts.statements.push(text);
      if (!breaking?.pattern.test(text)) return;
      if (breaking.how === "silent") silent = true;
      else if (breaking.how === "answered") {
        answerLost = true;
        breaking = undefined;
      } else destroy();
    };
    const read = frontendMessages(statement);
    client.on("data", (bytes) => {
      counts.bytesUp += bytes.length;
      if (serverSpoke) counts.roundTrips++;
      serverSpoke = false;
      read(bytes);
      if (!silent && !frozen) toServer.write(bytes, handshake);
      handshake = 0;
    });
    upstream.on("data", (bytes) => {
      counts.bytesDown += bytes.length;
      serverSpoke = true;
      if (answerLost) return destroy();
      if (!silent && !frozen) toClient.write(bytes, 0);
    });
    client.on("end", () => frozen || toServer.end());
    upstream.on("end", () => toClient.end());
    for (const socket of [client, upstream]) socket.on("error", () => frozen || destroy()).on("close", () => frozen || pairs.delete(destroy));
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    stats: () => counts,
    reset,
    breakAt(pattern, how = "at once") {
      breaking = pattern && { pattern, how };
    },
    freeze() {
      frozen = true;
    },
    breakAll() {
      frozen = false;
      for (const destroy of [...pairs]) destroy();
    },
    close() {
      for (const destroy of [...pairs]) destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Writes to a socket after a delay, in order. */
function delayed(milliseconds, socket) {
  const queue = [];
  let timer;
  const pump = () => {
    timer = undefined;
    while (queue.length > 0 && queue[0].at <= performance.now() + 0.2) {
      const { bytes } = queue.shift();
      if (bytes) socket.write(bytes);
      else socket.end();
    }
    schedule();
  };
  const schedule = () => {
    if (queue.length > 0) timer ??= setTimeout(pump, Math.max(0, queue[0].at - performance.now()));
  };
  return {
    write(bytes, more) {
      if (milliseconds + more === 0 && queue.length === 0) return void socket.write(bytes);
      queue.push({ at: performance.now() + milliseconds + more, bytes });
      schedule();
    },
    end() {
      queue.push({ at: performance.now() + milliseconds });
      schedule();
    },
    stop() {
      clearTimeout(timer);
      queue.length = 0;
    },
  };
}

/** Takes the client's bytes apart: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function frontendMessages(statement) {
  let rest = Buffer.alloc(0);
  let started = false;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      // What comes before the session has no type byte: SSLRequest, GSSENCRequest, CancelRequest, StartupMessage.
      const prefix = started ? 1 : 0;
      if (rest.length < prefix + 4) return;
      const length = rest.readInt32BE(prefix) + prefix;
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      if (!started) started = message.readInt32BE(4) === 196_608;
      else if (message[0] === 0x51) statement(message.toString("utf8", 5, length - 1));
      else if (message[0] === 0x50) statement(message.toString("utf8", message.indexOf(0, 5) + 1, message.indexOf(0, message.indexOf(0, 5) + 1)));
    }
  };
}
