/** A name with its colon, any other text, or a brace. */
const TOKENS = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]/gs;

/**
 * Whether an object of the JSON has a name twice. Parsers differ in which one they take, so two programs
 * may read two things in one text (RFC 7515 section 4, RFC 7519 section 4).
 *
 * @param json that was found to be JSON
 */
export function repeatsAName(json: string): boolean {
  const open: Set<unknown>[] = [];
  for (const [token, text, colon] of json.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      // The same letters can be written in several ways.
      const name: unknown = JSON.parse(`"${text}"`);
      const names = open.at(-1);
      if (names?.has(name) === true) return true;
      names?.add(name);
    }
  }
  return false;
}
