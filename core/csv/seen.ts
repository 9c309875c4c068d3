import type { CallRow } from './row.ts';

/** Remembers every call a file asked for. */
export interface SeenCalls {
  /** The row that asked for the same call before; undefined when this one is the first, and is remembered as `row`. */
  firstRow(call: CallRow, row: number): number | undefined;
}

const ROOM = 1.3;
const MIN_SLOTS = 1024;
const LANE_A = { seed: 0x9747b28c, c1: 0xcc9e2d51, c2: 0x1b873593 };
const LANE_B = { seed: 0x3c6ef372, c1: 0x239b961b, c2: 0xab0e9789 };

/**
 * Duplicates are rows with the same number, agent and time. A row costs 16 bytes, whatever it says: an open-addressing
 * table of 64-bit hashes. Two different calls share one with a probability of n²/2⁶⁵, which for a file of a million rows
 * is 1 in 40 million; that is accepted.
 */
export function seenCalls(expectedRows: number): SeenCalls {
  let table = makeTable(Math.max(MIN_SLOTS, Math.ceil(expectedRows * ROOM)));
  let used = 0;

  return {
    firstRow(call, row) {
      const phone = Number(call.phone.slice(1));
      const time = call.scheduledForMs ?? 0;
      // 0 marks an empty slot
      const low = hash(LANE_A, phone, call.agentId, time) || 1;
      const high = hash(LANE_B, phone, call.agentId, time);
      const slot = findSlot(table, low, high);
      if (table.low[slot] !== 0) return table.row[slot];
      put(table, slot, low, high, row);
      // only a file that changed after it was counted gets here
      if (++used > table.low.length * 0.9) table = grown(table);
      return undefined;
    },
  };
}

interface Table {
  low: Uint32Array;
  high: Uint32Array;
  row: Uint32Array;
}

function makeTable(slots: number): Table {
  return { low: new Uint32Array(slots), high: new Uint32Array(slots), row: new Uint32Array(slots) };
}

/** The slot that holds the hash, or the empty one where it belongs. */
function findSlot(table: Table, low: number, high: number): number {
  const slots = table.low.length;
  let slot = high % slots;
  while (table.low[slot] !== 0 && (table.low[slot] !== low || table.high[slot] !== high)) slot = slot + 1 === slots ? 0 : slot + 1;
  return slot;
}

function put(table: Table, slot: number, low: number, high: number, row: number): void {
  table.low[slot] = low;
  table.high[slot] = high;
  table.row[slot] = row;
}

function grown(old: Table): Table {
  const table = makeTable(old.low.length * 2);
  for (let i = 0; i < old.low.length; i++) {
    const low = old.low[i] as number;
    if (low !== 0) put(table, findSlot(table, low, old.high[i] as number), low, old.high[i] as number, old.row[i] as number);
  }
  return table;
}

/** murmur3 (x86, 32 bits) over the six words of three safe integers; the lanes differ in seed and multipliers. */
function hash(lane: typeof LANE_A, a: number, b: number, c: number): number {
  let h = lane.seed;
  h = mix(lane, h, a >>> 0);
  h = mix(lane, h, (a / 0x1_0000_0000) >>> 0);
  h = mix(lane, h, b >>> 0);
  h = mix(lane, h, (b / 0x1_0000_0000) >>> 0);
  h = mix(lane, h, c >>> 0);
  h = mix(lane, h, (c / 0x1_0000_0000) >>> 0);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function mix(lane: typeof LANE_A, state: number, word: number): number {
  let k = Math.imul(word, lane.c1);
  k = (k << 15) | (k >>> 17);
  const h = state ^ Math.imul(k, lane.c2);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}
