/** Holds a lab until it is killed; for the tests of what is left then. */
import { createNetlab } from './netlab.ts';
import { NetlabError } from './netlab-error.ts';

/** What it says once it holds one, or cannot. */
export type Held =
  | { readonly run: string; readonly process: number | undefined }
  | { readonly error: string };

const NOBODY = 65_534;

async function hold(): Promise<Held> {
  if (process.argv[2] === 'nobody') process.setuid?.(NOBODY);
  try {
    const lab = await createNetlab();
    const host = await lab.host('held');
    const { pid } = host.spawn('sleep', ['600'], { stdio: 'ignore' });
    return { run: lab.run, process: pid };
  } catch (error) {
    if (error instanceof NetlabError) return { error: error.code };
    throw error;
  }
}

process.stdout.write(`${JSON.stringify(await hold())}\n`);
