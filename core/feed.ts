/** What bears on how many contacts of a campaign become calls now. */
export interface LineFacts {
  /** of a campaign that people talk for; undefined: an AI agent talks */
  people: { free: number; overdial: number; /** calls on their way to them that nobody has taken */ unbridged: number } | undefined;
  /** the limits of calls at once that apply */
  caps: ReadonlyArray<number | null>;
  /** calls that are due, or in the queue, and that nothing but a place keeps waiting */
  ahead: number;
  /** these, and those that are passed over for a while: a busy number, no credit */
  stocked: number;
  /** its calls start apart from each other */
  isSpaced: boolean;
}

/** So many due calls stand in line at most: enough to keep the dispatcher busy between two looks, few enough to change one's mind. */
export const STOCK = 100;

/**
 * How many contacts to put in line. For people: one for each who is free and what the pacer adds, less what is on its way to
 * them. For an AI agent: a stock, since the gate keeps its limits when a call is claimed.
 */
export function contactsNeeded({ people, caps, ahead, stocked, isSpaced }: LineFacts): number {
  const room = people ? people.free + people.overdial - people.unbridged : isSpaced ? 1 : STOCK;
  const most = caps.reduce<number>((least, cap) => Math.min(least, cap ?? Infinity), room);
  return Math.max(0, Math.min(most - ahead, STOCK - stocked));
}
