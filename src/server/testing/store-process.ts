import { openStore } from "../store/store.ts";

/**
 * A Baton reduced to its store, for tests that kill one: opens the folder of
 * its first argument, says so, and waits. Run it with Node itself.
 */
const [dataDir = "", kind = "server", url = ""] = process.argv.slice(2);

const store = await openStore({ data: { dir: dataDir, named: true }, databaseUrl: null, databaseOwnerUrl: null }, (line) => console.log(line), {
  kind: kind === "cli" ? "cli" : "server",
  machine: { memory: 2 ** 29, sharedMemory: 0 },
});
if (url !== "") store.announce(url);
process.on("SIGTERM", () => void store.stop().then(() => process.exit(0)));
process.on("SIGINT", () => void store.stop().then(() => process.exit(0)));
console.log("open");
setInterval(() => {}, 1000);
