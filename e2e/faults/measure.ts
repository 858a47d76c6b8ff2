import { inspect } from 'node:util';
import type { Fault, Pairing, Stage } from './fault.ts';
import { pairingName, type Row, type Run } from './row.ts';

/** A fault to try on a pairing, and how often. */
export interface Trial {
  readonly fault: Fault;
  readonly pairing: Pairing;
  readonly runs: number;
}

/** Every wait in a run ends by itself; this ends a browser that answers no more. */
const STUCK_MS = 300_000;

/** A stage that does not come up now and then is a miss; one that never does is not tried for hours. */
const SET_UP_FAILURES_MAX = 2;

/**
 * Tries a fault as often as asked, on one stage as long as that holds: a run that throws may leave
 * anything behind, so the next one has a new stage.
 *
 * @param onRun is told of each run as it ends, counted from 1
 * @throws never: what goes wrong is in the row
 */
export async function measure(
  { fault, pairing, runs: wanted }: Trial,
  commit: string,
  onRun: (run: Run, count: number) => void = () => undefined,
): Promise<Row> {
  const date = new Date().toISOString();
  const runs: Run[] = [];
  const add = (run: Run): void => {
    runs.push(run);
    onRun(run, runs.length);
  };
  let stage: Stage | undefined;
  let setUpFailures = 0;
  while (runs.length < wanted && setUpFailures < SET_UP_FAILURES_MAX) {
    try {
      stage ??= await inTime(fault.setUp(pairing));
    } catch (error) {
      setUpFailures += 1;
      add({ error: `the stage did not come up: ${messageOf(error)}` });
      continue;
    }
    try {
      const measured = await inTime(stage.run(runs.length + 1));
      add(
        Number.isFinite(measured.value)
          ? measured
          : { error: `it measured ${measured.value}, which is no number` },
      );
    } catch (error) {
      add({ error: messageOf(error) });
      await close(stage);
      stage = undefined;
    }
  }
  await close(stage);
  const { id, title, expected } = fault;
  return { id, title, pairing: pairingName(pairing), expected, wanted, runs, date, commit };
}

/** What a stage that fails to close leaves behind, the lab and the end of the process remove. */
async function close(stage: Stage | undefined): Promise<void> {
  try {
    if (stage !== undefined) await inTime(stage.close());
  } catch (error) {
    process.stderr.write(`a stage did not close: ${messageOf(error)}\n`);
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`stuck for ${STUCK_MS} ms`)), STUCK_MS);
  });
  try {
    return await Promise.race([work, stuck]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const { cause } = error;
  return cause === undefined ? error.message : `${error.message}\n${messageOf(cause)}`;
}
