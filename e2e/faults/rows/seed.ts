/** A fresh seed for each run, or the one in `PEERLINE_TEST_SEED` to run a failure again. */
export function chooseSeed(): number {
  return Number(process.env['PEERLINE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
}
