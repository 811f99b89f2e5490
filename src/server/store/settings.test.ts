import { expect, test } from "vitest";
import { settingsFor, thisMachine } from "./settings.ts";

const GB = 2 ** 30;

test("a quarter of the memory is for the database, up to four gigabytes", () => {
  expect(settingsFor({ memory: 8 * GB, sharedMemory: GB }, "/s")).toContain("shared_buffers = 2048MB");
  expect(settingsFor({ memory: 256 * GB, sharedMemory: GB }, "/s")).toContain("shared_buffers = 4096MB");
  expect(settingsFor({ memory: GB / 4, sharedMemory: GB }, "/s")).toContain("shared_buffers = 128MB");
});

test("a container with little shared memory does not use it", () => {
  expect(settingsFor({ memory: GB, sharedMemory: 64 * 2 ** 20 }, "/s")).toContain("dynamic_shared_memory_type = mmap");
  expect(settingsFor({ memory: GB, sharedMemory: 4 * GB }, "/s")).toContain("dynamic_shared_memory_type = posix");
});

test("this machine has memory", () => {
  expect(thisMachine().memory).toBeGreaterThan(2 ** 26);
});
