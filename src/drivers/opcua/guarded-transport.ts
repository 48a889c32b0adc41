import { ClientTCP_transport, StatusCodes } from "node-opcua";
import type { OPCUAClientOptions } from "node-opcua";

type Factory = NonNullable<OPCUAClientOptions["transportFactory"]>;
type Socket = Parameters<ClientTCP_transport["_install_socket"]>[0];

/** The library throws at some messages that no honest server sends, an opaque node id for a type among them, and what is thrown
 *  while a socket is read ends the process. Here it ends the connection. */
class GuardedTransport extends ClientTCP_transport {
  protected override _install_socket(socket: Socket): void {
    super._install_socket(socket);
    const readers = socket.listeners("data");
    socket.removeAllListeners("data");
    socket.on("data", (bytes) => {
      try {
        for (const read of readers) read.call(socket, bytes);
      } catch (error) {
        this.prematureTerminate(new Error(`unreadable: ${String(error)}`), StatusCodes.BadDecodingError);
      }
    });
  }
}

/** Makes the connections of the OPC UA client. */
export const guardedTransports: Factory = { create: (settings) => new GuardedTransport(settings) };
