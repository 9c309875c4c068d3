/** What happens next: moments in order, those of one moment in the order in which they were noted. */
export interface Agenda<T> {
  add(at: number, what: T): void;
  /** takes the earliest away */
  next(): { at: number; what: T } | undefined;
}

export function openAgenda<T>(): Agenda<T> {
  const heap: Array<{ at: number; turn: number; what: T }> = [];
  let turns = 0;
  const isBefore = (a: number, b: number) => {
    const [one, other] = [heap[a], heap[b]];
    if (!one || !other) return false;
    return one.at < other.at || (one.at === other.at && one.turn < other.turn);
  };
  const swap = (a: number, b: number) => {
    const [one, other] = [heap[a], heap[b]];
    if (!one || !other) return;
    heap[a] = other;
    heap[b] = one;
  };
  return {
    add(at, what) {
      heap.push({ at, turn: turns, what });
      turns += 1;
      for (let place = heap.length - 1; place > 0;) {
        const parent = (place - 1) >> 1;
        if (!isBefore(place, parent)) break;
        swap(place, parent);
        place = parent;
      }
    },
    next() {
      const first = heap[0];
      const last = heap.pop();
      if (!first || !last || heap.length === 0) return first;
      heap[0] = last;
      for (let place = 0; ;) {
        const left = 2 * place + 1;
        const child = isBefore(left + 1, left) ? left + 1 : left;
        if (!isBefore(child, place)) break;
        swap(child, place);
        place = child;
      }
      return first;
    },
  };
}
