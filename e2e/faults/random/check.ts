/** What one page kept of a scenario; see `Harness.record`. */
export interface PageRecord {
  readonly name: string;
  /** What it said to whom. */
  readonly sent: readonly SentNumber[];
  /** What it heard from whom, in the order in which it came. */
  readonly heard: readonly { readonly from: string; readonly number: number }[];
  /** Whom it gave up, by name, with all that was under way between the two. */
  readonly gaveUp: readonly string[];
}

export interface SentNumber {
  readonly to: string;
  /** Counted up by the sender over all receivers. */
  readonly number: number;
  readonly outcome: 'pending' | 'resolved' | 'failed';
}

/** What the invariants cost one scenario. */
export interface Verdict {
  readonly violations: readonly string[];
  /** Messages whose send resolved and whose two ends never gave each other up. */
  readonly owed: number;
  /** Those of pairs of which one gave the other up: nothing is promised of them (SPEC.md, MSG1). */
  readonly excused: number;
}

/**
 * Among those who are in the room at the end: every message whose send resolved arrived, none twice,
 * and those of one sender in the order in which they were sent.
 */
export function checkRecords(records: readonly PageRecord[]): Verdict {
  const violations: string[] = [];
  let owed = 0;
  let excused = 0;
  for (const receiver of records) {
    for (const sender of records) {
      if (sender === receiver) continue;
      const heard = receiver.heard
        .filter(({ from }) => from === sender.name)
        .map(({ number }) => number);
      const way = `${sender.name} to ${receiver.name}`;
      violations.push(...disorders(way, heard));
      const resolved = sender.sent.filter(
        ({ to, outcome }) => to === receiver.name && outcome === 'resolved',
      );
      if (sender.gaveUp.includes(receiver.name) || receiver.gaveUp.includes(sender.name)) {
        excused += resolved.length;
        continue;
      }
      owed += resolved.length;
      const arrived = new Set(heard);
      const lost = resolved.map(({ number }) => number).filter((number) => !arrived.has(number));
      if (lost.length > 0) violations.push(`${way}: ${lost.join(', ')} resolved and never came`);
    }
  }
  return { violations, owed, excused };
}

function disorders(way: string, heard: readonly number[]): readonly string[] {
  const found: string[] = [];
  const seen = new Set<number>();
  let last = 0;
  for (const number of heard) {
    if (seen.has(number)) found.push(`${way}: ${number} came twice`);
    else if (number < last) found.push(`${way}: ${number} came behind ${last}`);
    seen.add(number);
    last = Math.max(last, number);
  }
  return found;
}
