/** Where a server's control socket is: the server makes it there, the command looks for it there. */
import path from "node:path";
import { socketFolder } from "./socket.ts";

/** `baton.sock` in the data folder, or in a short private folder when that path is too long for a socket. */
export function controlSocketPath(dataDir: string): string {
  return path.join(socketFolder(dataDir, null), "baton.sock");
}
