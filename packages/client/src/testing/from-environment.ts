interface WithProcess {
  readonly process?: { readonly env: Readonly<Record<string, string | undefined>> };
}

/** What the one who runs the tests asks for, such as a seed; this package has no Node types otherwise. */
export function numberFromEnvironment(name: string): number | undefined {
  const given = (globalThis as WithProcess).process?.env[name];
  return given === undefined ? undefined : Number(given);
}
