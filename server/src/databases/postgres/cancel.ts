// Tells a server to stop what it does for a connection: a request over a second connection, as the protocol wants it. It
// may come too late, and nothing answers it.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
import type { Connection } from "../connections/connect";
import { openSocket } from "../connections/socket";

/** The code that stands where a start of a session has the protocol's version: 1234 and 5678 as 16-bit halves. */
const cancelCode = 80_877_102;

/** Milliseconds to get there; the statement's own timeout ends it otherwise. */
const patience = 5_000;

/** Never rejects. Resolves when the server has taken the request, which it says by closing: what is sent from then on is not meant. */
export async function cancelStatement({ client, settings, host, encrypted }: Connection): Promise<void> {
  const { processID, secretKey } = client as unknown as { readonly processID: number | null; readonly secretKey: number | null };
  if (processID === null || secretKey === null) return;
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(cancelCode, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  try {
    const { socket } = await openSocket(settings, host, encrypted ? "tls" : "plain", AbortSignal.timeout(patience));
    await new Promise<void>((resolve) => {
      socket.once("close", resolve).on("error", () => undefined);
      socket.setTimeout(patience, () => socket.destroy());
      socket.end(request);
      socket.resume();
    });
  } catch {
    // Nobody is reached: the statement's own timeout, or the end of the connection, stops it.
  }
}
