import { statfsSync } from "node:fs";
import os from "node:os";

/**
 * The settings of the embedded PostgreSQL, for this machine.
 *
 * The file is written anew at every start; what an operator adds goes into
 * `operator.conf` beside it, which is read last. A PostgreSQL that is still
 * running is taken over only if its file says exactly what we would write.
 */
export type Machine = { readonly memory: number; readonly sharedMemory: number };

const MB = 1024 * 1024;

export function settingsFor(machine: Machine, socketDir: string): string {
  const memory = Math.floor(machine.memory / MB);
  const lines = [
    "# Written by Baton at every start. Your own settings belong into operator.conf beside this file.",
    "listen_addresses = ''",
    `unix_socket_directories = '${socketDir.replaceAll("'", "''")}'`,
    "unix_socket_permissions = 0700",
    "port = 5432",
    "max_connections = 60",
    "password_encryption = 'scram-sha-256'",
    `shared_buffers = ${between(128, Math.floor(memory / 4), 4096)}MB`,
    `effective_cache_size = ${between(256, Math.floor(memory * 0.6), 64 * 1024)}MB`,
    `maintenance_work_mem = ${between(64, Math.floor(memory / 16), 1024)}MB`,
    `work_mem = ${between(8, Math.floor(memory / 512), 32)}MB`,
    "max_locks_per_transaction = 512",
    "random_page_cost = 1.1",
    "jit = off",
    "fsync = on",
    "synchronous_commit = on",
    "full_page_writes = on",
    "wal_compression = off",
    "wal_level = replica",
    "max_wal_senders = 0",
    "max_wal_size = 4GB",
    "min_wal_size = 256MB",
    "checkpoint_timeout = 15min",
    "idle_in_transaction_session_timeout = 10min",
    // Sessions of a Baton that was killed end themselves, also in the middle of a query. Only Linux can tell.
    `client_connection_check_interval = ${process.platform === "linux" ? "2s" : "0"}`,
    `dynamic_shared_memory_type = ${machine.sharedMemory < 1024 * MB ? "mmap" : "posix"}`,
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    "logging_collector = on",
    "log_directory = 'log'",
    "log_filename = 'postgresql-%a.log'",
    "log_rotation_age = 1d",
    "log_truncate_on_rotation = on",
    "log_rotation_size = 0",
    "log_checkpoints = off",
    // People's data stays out of the log: no statements, no key values in details.
    "log_min_error_statement = panic",
    "log_error_verbosity = terse",
    "include_if_exists = 'operator.conf'",
  ];
  return `${lines.join("\n")}\n`;
}

/** Memory in bytes: what the container allows, when it allows less than the machine has. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory();
  return { memory: limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem(), sharedMemory: sharedMemory() };
}

/** Containers often have 64 MB of it, too little for one parallel query. */
function sharedMemory(): number {
  try {
    const { bsize, bavail } = statfsSync("/dev/shm");
    return bsize * bavail;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function between(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
