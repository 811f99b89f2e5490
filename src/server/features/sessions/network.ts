/** Which network an address is of: IPv4 as it is, IPv6 by its /64, which one household or attacker has whole. */
import { isIPv4, isIPv6 } from "node:net";

export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, "").toLowerCase();
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return "unknown";
  const groups = groupsOf(plain);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [groups[6], groups[7]].flatMap((group) => [(group as number) >> 8, (group as number) & 255]).join(".");
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

function groupsOf(address: string): readonly number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (high: string | undefined, low: string | undefined): string => ((Number(high) << 8) | Number(low)).toString(16);
  const text = dotted === null ? address : `${address.slice(0, dotted.index)}${hex(dotted[1], dotted[2])}:${hex(dotted[3], dotted[4])}`;
  const [head = "", tail] = text.split("::");
  const read = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  const [before, after] = [read(head), tail === undefined ? [] : read(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}
