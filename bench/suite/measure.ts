import type { Outcome, Result } from './report.ts';
import type { Scenario } from './scenario.ts';

/** Contestants take turns, and another one begins each run, so that no one has the quiet machine. */
export async function measure(
  scenario: Scenario,
  runs: number,
  onOutcome: (run: number, title: string, outcome: Outcome) => void,
): Promise<Result['rows']> {
  const { contestants } = scenario;
  const outcomes = new Map<string, Outcome[]>(contestants.map(({ id }) => [id, []]));
  const stage = await scenario.open();
  try {
    for (let run = 0; run < runs; run += 1) {
      for (let turn = 0; turn < contestants.length; turn += 1) {
        const contestant = contestants[(run + turn) % contestants.length];
        if (contestant === undefined) continue;
        const outcome = await stage
          .measure(contestant.id, run)
          .catch((error: unknown): Outcome => ({ error: String(error) }));
        outcomes.get(contestant.id)?.push(outcome);
        onOutcome(run, contestant.title, outcome);
      }
    }
  } finally {
    await stage.close();
  }
  return contestants.map(({ id }) => ({ contestant: id, runs: outcomes.get(id) ?? [] }));
}
