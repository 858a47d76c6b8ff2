/** What stands between the two isolates of Unicode, which `isolated` puts around names. */
const ISOLATE = /\u2068([^\u2069]*)\u2069/u;

/** A sentence with names in it, of which each keeps its direction to itself. */
export function Isolated({ text }: { readonly text: string }) {
  // Of what is split by a group, every second part is the group's.
  return [...text.split(ISOLATE).entries()].map(([index, part]) =>
    index % 2 === 1 ? <bdi key={index}>{part}</bdi> : part,
  );
}
